import type { Resource } from '../engine/resource.ts';
import { artifactRegistryRepository } from './artifact-registry-repository.ts';
import { artifactRegistryRepositoryIamMember } from './artifact-registry-repository-iam-member.ts';
import { billingBudget } from './billing-budget.ts';
import { cloudRunService } from './cloud-run-service.ts';
import { cloudRunServiceIamMember } from './cloud-run-service-iam-member.ts';
import { cloudRunV2Job } from './cloud-run-v2-job.ts';
import { cloudRunV2JobIamMember } from './cloud-run-v2-job-iam-member.ts';
import { cloudRunV2Service } from './cloud-run-v2-service.ts';
import { cloudRunV2ServiceIamMember } from './cloud-run-v2-service-iam-member.ts';
import { cloudRunV2WorkerPool } from './cloud-run-v2-worker-pool.ts';
import { cloudSchedulerJob } from './cloud-scheduler-job.ts';
import { monitoringNotificationChannel } from './monitoring-notification-channel.ts';
import { projectIamMember } from './project-iam-member.ts';
import { projectService } from './project-service.ts';
import { pubsubSubscription } from './pubsub-subscription.ts';
import { pubsubTopic } from './pubsub-topic.ts';
import { pubsubTopicIamMember } from './pubsub-topic-iam-member.ts';
import { secretManagerSecret } from './secret-manager-secret.ts';
import { secretManagerSecretIamMember } from './secret-manager-secret-iam-member.ts';
import { serviceAccount } from './service-account.ts';
import { serviceAccountIamMember } from './service-account-iam-member.ts';
import { storageBucket } from './storage-bucket.ts';
import { storageBucketIamMember } from './storage-bucket-iam-member.ts';
import { workloadIdentityPool } from './workload-identity-pool.ts';
import { workloadIdentityPoolProvider } from './workload-identity-pool-provider.ts';

/** Every resource type of the stand-in, one file each. */
export const resources: readonly Resource[] = [
  artifactRegistryRepository,
  artifactRegistryRepositoryIamMember,
  billingBudget,
  cloudRunService,
  cloudRunServiceIamMember,
  cloudRunV2Job,
  cloudRunV2JobIamMember,
  cloudRunV2Service,
  cloudRunV2ServiceIamMember,
  cloudRunV2WorkerPool,
  cloudSchedulerJob,
  monitoringNotificationChannel,
  projectIamMember,
  projectService,
  pubsubSubscription,
  pubsubTopic,
  pubsubTopicIamMember,
  secretManagerSecret,
  secretManagerSecretIamMember,
  serviceAccount,
  serviceAccountIamMember,
  storageBucket,
  storageBucketIamMember,
  workloadIdentityPool,
  workloadIdentityPoolProvider,
];
