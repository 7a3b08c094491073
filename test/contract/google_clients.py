"""What Google's own clients do against the sandbox: one JSON line for each check.

The door is $DOOR, its token $TOKEN, an image that runs $IMAGE. Run by test/contract/main.ts.
"""

import io
import json
import os
import uuid

from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import (
    BadRequest,
    FailedPrecondition,
    Forbidden,
    NotFound,
    PreconditionFailed,
)
from google.auth.transport.requests import AuthorizedSession
from google.cloud import artifactregistry_v1 as ar
from google.cloud import run_v2, storage
from google.cloud import secretmanager_v1 as sm
from google.oauth2.credentials import Credentials
from google.pubsub_v1 import types as pt
from google.pubsub_v1.services.publisher import PublisherClient
from google.pubsub_v1.services.subscriber import SubscriberClient

url = os.environ["DOOR"]
cred = Credentials(os.environ["TOKEN"])
img = os.environ["IMAGE"]
P = "demo-prod"
L = f"projects/{P}/locations/us-central1"


def check(name):
    """Runs a check at once and says how it ended."""

    def run(work):
        why = ""
        try:
            work()
        except Exception as error:  # whatever a client raises is the finding
            why = repr(error)[:300]
        print(json.dumps({"name": name, "ok": why == "", "why": why}), flush=True)

    return run


def refused(error, work):
    """Does what must be refused in that way."""
    try:
        work()
    except error:
        return
    raise AssertionError("was not refused")


def rest(client):
    host = url.replace("http://", "")
    transport = client.get_transport_class("rest")
    return client(transport=transport(host=host, url_scheme="http", credentials=cred))


st = storage.Client(
    project=P, credentials=cred, client_options=ClientOptions(api_endpoint=url)
)
b = st.bucket("judge-" + uuid.uuid4().hex[:6])


@check("storage create bucket")
def _():
    b.versioning_enabled = True
    st.create_bucket(b, location="us-central1")


@check("storage get bucket")
def _():
    assert st.get_bucket(b.name).versioning_enabled


@check("storage list buckets")
def _():
    assert b.name in [x.name for x in st.list_buckets()]


@check("storage upload string")
def _():
    b.blob("a/1.txt").upload_from_string("one", content_type="text/plain")


@check("storage download by media_link")
def _():
    x = b.get_blob("a/1.txt")
    assert x.download_as_bytes() == b"one"
    assert x.media_link.startswith(url), x.media_link


@check("storage upload file resumable")
def _():
    x = b.blob("big", chunk_size=256 * 1024)
    x.upload_from_file(io.BytesIO(b"x" * 700000))
    assert b.get_blob("big").size == 700000


@check("storage overwrite & versions")
def _():
    b.blob("a/1.txt").upload_from_string("two")
    assert len(list(st.list_blobs(b, prefix="a/", versions=True))) == 2


@check("storage if_generation_match")
def _():
    refused(
        PreconditionFailed,
        lambda: b.blob("a/1.txt").upload_from_string("x", if_generation_match=0),
    )


@check("storage if_etag_match")
def _():
    x = b.get_blob("a/1.txt")
    x.reload(if_etag_match=x.etag)
    refused(PreconditionFailed, lambda: x.reload(if_etag_match="nope"))


@check("storage delimiter")
def _():
    it = st.list_blobs(b, delimiter="/")
    names = [x.name for x in it]
    assert "a/" in it.prefixes and "big" in names


@check("storage match_glob")
def _():
    assert [x.name for x in st.list_blobs(b, match_glob="**.txt")] == ["a/1.txt"]


@check("storage compose")
def _():
    c = b.blob("c")
    c.content_type = "text/plain"
    c.compose([b.get_blob("a/1.txt"), b.get_blob("a/1.txt")])
    assert c.download_as_bytes() == b"twotwo"


@check("storage copy, rename")
def _():
    b.copy_blob(b.blob("c"), b, "d")
    b.rename_blob(b.blob("d"), "e")
    assert b.get_blob("e") and not b.get_blob("d")


@check("storage rewrite/update_storage_class")
def _():
    b.get_blob("e").update_storage_class("NEARLINE")


@check("storage patch metadata")
def _():
    x = b.get_blob("c")
    x.metadata = {"k": "v"}
    x.patch()
    assert b.get_blob("c").metadata == {"k": "v"}


@check("storage batch patch, delete")
def _():
    for n in "xyz":
        b.blob(n).upload_from_string(n)
    with st.batch():
        for n in "xyz":
            b.blob(n).delete()
    assert not b.get_blob("x")


@check("storage delete_blobs")
def _():
    for n in "xyz":
        b.blob(n).upload_from_string(n)
    b.delete_blobs([b.blob(n) for n in "xyz"])


@check("storage delete while listing")
def _():
    for i in range(7):
        b.blob(f"del/{i}").upload_from_string("x")
    n = 0
    for x in st.list_blobs(b, prefix="del/", page_size=2):
        x.delete()
        n += 1
    assert n == 7, n


@check("storage iam policy")
def _():
    p = b.get_iam_policy(requested_policy_version=3)
    p.bindings.append({"role": "roles/storage.objectViewer", "members": {"user:a@b.c"}})
    b.set_iam_policy(p)
    assert any(
        x["role"] == "roles/storage.objectViewer" for x in b.get_iam_policy().bindings
    )


@check("storage test_iam_permissions")
def _():
    assert b.test_iam_permissions(["storage.objects.get"])


@check("storage lifecycle, labels")
def _():
    b.reload()
    b.add_lifecycle_delete_rule(age=3)
    b.labels = {"a": "b"}
    b.patch()
    assert st.get_bucket(b.name).labels == {"a": "b"}


@check("storage exists, download range, open")
def _():
    assert b.exists() and b.blob("c").exists() and not b.blob("nope").exists()
    assert b.blob("c").download_as_bytes(start=1, end=2) == b"wo"
    with b.blob("c").open("rt") as f:
        assert f.read() == "twotwo"
    with b.blob("w").open("wt") as f:
        f.write("hello")


@check("storage empty and generation read")
def _():
    b.blob("empty").upload_from_string("")
    assert b.blob("empty").download_as_bytes() == b""
    g = list(st.list_blobs(b, prefix="a/", versions=True))[0]
    assert b.blob("a/1.txt", generation=g.generation).download_as_bytes() == b"one"


@check("storage not found")
def _():
    refused(NotFound, lambda: b.blob("zz").download_as_bytes())


@check("storage force delete bucket")
def _():
    for x in st.list_blobs(b, versions=True):
        x.delete()
    b.delete()


s = rest(sm.SecretManagerServiceClient)
sid = "judge" + uuid.uuid4().hex[:6]
SN = f"projects/{P}/secrets/{sid}"


@check("secret create")
def _():
    s.create_secret(
        parent=f"projects/{P}",
        secret_id=sid,
        secret=sm.Secret(
            replication=sm.Replication(automatic=sm.Replication.Automatic())
        ),
    )


@check("secret add, access")
def _():
    for d in (b"1", b"2", b"3"):
        s.add_secret_version(parent=SN, payload=sm.SecretPayload(data=d))
    assert s.access_secret_version(name=SN + "/versions/latest").payload.data == b"3"


@check("secret list versions paged")
def _():
    assert (
        len(list(s.list_secret_versions(request={"parent": SN, "page_size": 2}))) == 3
    )


@check("secret disable + filter")
def _():
    s.disable_secret_version(name=SN + "/versions/1")
    assert [
        v.name[-1]
        for v in s.list_secret_versions(
            request={"parent": SN, "filter": "state:ENABLED"}
        )
    ] == ["3", "2"]


@check("secret enable, destroy")
def _():
    s.enable_secret_version(name=SN + "/versions/1")
    s.destroy_secret_version(name=SN + "/versions/1")


@check("secret access destroyed")
def _():
    refused(
        (FailedPrecondition, BadRequest),
        lambda: s.access_secret_version(name=SN + "/versions/1"),
    )


@check("secret update labels")
def _():
    s.update_secret(
        secret=sm.Secret(name=SN, labels={"a": "b"}), update_mask={"paths": ["labels"]}
    )
    assert s.get_secret(name=SN).labels["a"] == "b"


@check("secret list filter")
def _():
    assert [
        x.name
        for x in s.list_secrets(
            request={"parent": f"projects/{P}", "filter": "labels.a=b"}
        )
    ] == [s.get_secret(name=SN).name]


@check("secret iam")
def _():
    p = s.get_iam_policy(request={"resource": SN})
    p.bindings.add(role="roles/secretmanager.secretAccessor", members=["user:a@b.c"])
    s.set_iam_policy(request={"resource": SN, "policy": p})
    assert s.test_iam_permissions(
        request={"resource": SN, "permissions": ["secretmanager.versions.access"]}
    ).permissions


for name, kw in (("0 bytes", b""), ("70 KiB", b"x" * 70000)):

    @check("secret payload refused: " + name)
    def _():
        refused(
            BadRequest,
            lambda: s.add_secret_version(parent=SN, payload=sm.SecretPayload(data=kw)),
        )


@check("secret without replication refused")
def _():
    refused(
        BadRequest,
        lambda: s.create_secret(
            parent=f"projects/{P}", secret_id=sid + "x", secret=sm.Secret()
        ),
    )


@check("secret delete")
def _():
    s.delete_secret(name=SN)


a = rest(ar.ArtifactRegistryClient)
RN = L + "/repositories/judge"


@check("registry create")
def _():
    r = a.create_repository(
        parent=L,
        repository_id="judge",
        repository=ar.Repository(format_=ar.Repository.Format.DOCKER),
    ).result(timeout=30)
    assert r.name == RN, r


@check("registry get, list")
def _():
    assert (
        a.get_repository(name=RN).format_ == ar.Repository.Format.DOCKER
        and len(list(a.list_repositories(parent=L))) >= 1
    )


@check("registry update answers it")
def _():
    assert (
        a.update_repository(
            repository=ar.Repository(name=RN, description="x"),
            update_mask={"paths": ["description"]},
        ).description
        == "x"
    )


@check("registry iam")
def _():
    p = a.get_iam_policy(request={"resource": RN})
    p.bindings.add(role="roles/artifactregistry.reader", members=["user:a@b.c"])
    a.set_iam_policy(request={"resource": RN, "policy": p})


@check("registry docker images")
def _():
    list(a.list_docker_images(parent=RN))


@check("registry packages, tags")
def _():
    list(a.list_packages(parent=RN))


@check("registry delete")
def _():
    a.delete_repository(name=RN).result(timeout=30)


r = rest(run_v2.ServicesClient)
rv = rest(run_v2.RevisionsClient)


@check("run list services, any location")
def _():
    list(r.list_services(parent=L))
    list(r.list_services(parent=f"projects/{P}/locations/-"))


tmpl = lambda **k: run_v2.RevisionTemplate(
    service_account=f"run-users@{P}.iam.gserviceaccount.com",
    containers=[run_v2.Container(image=img, **k)],
)


@check("run create")
def _():
    x = r.create_service(
        parent=L,
        service_id="judge",
        service=run_v2.Service(template=tmpl(), invoker_iam_disabled=True),
    ).result(timeout=60)
    assert x.uri


@check("run get, update, revisions")
def _():
    x = r.get_service(name=L + "/services/judge")
    x.template = tmpl(env=[run_v2.EnvVar(name="A", value="1")])
    x = r.update_service(service=x).result(timeout=60)
    assert len(list(rv.list_revisions(parent=L + "/services/judge"))) == 2
    assert (
        len(
            list(
                rv.list_revisions(
                    request={"parent": L + "/services/judge", "page_size": 1}
                )
            )
        )
        == 2
    )


@check("run traffic split")
def _():
    x = r.get_service(name=L + "/services/judge")
    names = [
        q.name.split("/")[-1] for q in rv.list_revisions(parent=L + "/services/judge")
    ]
    T = run_v2.TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION
    x.traffic = [
        run_v2.TrafficTarget(type_=T, revision=n, percent=50, tag="t" + str(i))
        for i, n in enumerate(names)
    ]
    x = r.update_service(service=x).result(timeout=60)
    assert len(x.traffic_statuses) == 2


@check("run validate_only")
def _():
    r.create_service(
        request=run_v2.CreateServiceRequest(
            parent=L,
            service_id="never",
            service=run_v2.Service(template=tmpl()),
            validate_only=True,
        )
    )


@check("run reserved name refused")
def _():
    refused(
        BadRequest,
        lambda: r.create_service(
            parent=L,
            service_id="bad",
            service=run_v2.Service(
                template=tmpl(env=[run_v2.EnvVar(name="PORT", value="1")])
            ),
        ).result(timeout=30),
    )


@check("run iam")
def _():
    p = r.get_iam_policy(request={"resource": L + "/services/judge"})
    p.bindings.add(role="roles/run.invoker", members=["allUsers"])
    r.set_iam_policy(request={"resource": L + "/services/judge", "policy": p})


@check("run delete")
def _():
    r.delete_service(name=L + "/services/judge").result(timeout=60)


pc = rest(PublisherClient)
sc = rest(SubscriberClient)
T = f"projects/{P}/topics/judge"
S = f"projects/{P}/subscriptions/judge"


@check("pubsub topic")
def _():
    pc.create_topic(name=T)
    assert pc.get_topic(topic=T).name == T


@check("pubsub ack deadline 5 refused")
def _():
    refused(
        BadRequest,
        lambda: sc.create_subscription(name=S + "x", topic=T, ack_deadline_seconds=5),
    )


@check("pubsub subscription")
def _():
    sc.create_subscription(name=S, topic=T, ack_deadline_seconds=10)


@check("pubsub topic subscriptions")
def _():
    assert list(pc.list_topic_subscriptions(topic=T)) == [S]


@check("pubsub publish, pull, ack")
def _():
    pc.publish(topic=T, messages=[pt.PubsubMessage(data=b"hi", attributes={"a": "b"})])
    m = sc.pull(subscription=S, max_messages=1).received_messages[0]
    assert m.message.data == b"hi"
    sc.acknowledge(subscription=S, ack_ids=[m.ack_id])


@check("pubsub update")
def _():
    sc.update_subscription(
        subscription=pt.Subscription(name=S, ack_deadline_seconds=20),
        update_mask={"paths": ["ack_deadline_seconds"]},
    )


@check("pubsub list")
def _():
    assert [t.name for t in pc.list_topics(project=f"projects/{P}")] == [T]
    assert len(list(sc.list_subscriptions(project=f"projects/{P}"))) == 1


@check("pubsub delete")
def _():
    sc.delete_subscription(subscription=S)
    pc.delete_topic(topic=T)


def off(api, work):
    """Switches an API off by Service Usage, does what must be refused, and switches it on again."""
    session = AuthorizedSession(cred)
    service = f"{url}/v1/projects/{P}/services/{api}"
    session.post(f"{service}:disable", json={}).raise_for_status()
    try:
        work()
    except Forbidden as error:
        return error
    finally:
        session.post(f"{service}:enable", json={}).raise_for_status()
    raise AssertionError("was not refused")


def says_off(error, api):
    """The clients read Google's ErrorInfo: reason, domain and the service."""
    assert (error.reason, error.domain) == ("SERVICE_DISABLED", "googleapis.com")
    assert error.metadata["service"] == api


@check("secret api off")
def _():
    api = "secretmanager.googleapis.com"
    says_off(off(api, lambda: list(s.list_secrets(parent=f"projects/{P}"))), api)


@check("pubsub api off")
def _():
    api = "pubsub.googleapis.com"
    says_off(off(api, lambda: list(pc.list_topics(project=f"projects/{P}"))), api)


@check("run api off")
def _():
    api = "run.googleapis.com"
    says_off(off(api, lambda: list(r.list_services(parent=L))), api)


@check("storage api off")
def _():
    error = off("storage.googleapis.com", lambda: list(st.list_buckets()))
    assert error.errors[0]["reason"] == "accessNotConfigured"
