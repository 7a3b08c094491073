import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '..', '..');

/** One state of the fixture's sources: two tiny services and the migrations of one. */
export interface Tree {
  /** Makes code, settings and foundation differ from those of every other number. */
  readonly number: number;
  /** Numbers of the migrations, in their order; each adds a column. */
  readonly migrations: readonly number[];
  /** What the code of each service calls itself; absent = the number. */
  readonly versions?: Readonly<Record<string, string>>;
}

/** Writes the sources of a release; what an earlier one had and this one has not goes. */
export async function writeTree(
  root: string,
  { number, migrations, versions = {} }: Tree,
): Promise<void> {
  await writeFile(join(root, 'windlass.yaml'), config(number, migrations));
  for (const name of ['gateway', 'journal']) {
    const folder = join(root, name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'main.py'), code(name, versions[name] ?? `${number}`));
    await writeFile(join(folder, 'service.json'), '{ "command": ["python", "main.py"] }\n');
  }
  await writeMigrations(join(root, 'journal'), migrations);
}

async function writeMigrations(service: string, numbers: readonly number[]): Promise<void> {
  const versions = join(service, 'migrations', 'versions');
  const sample = join(repository, 'examples', 'wellness', 'journal');
  await rm(versions, { recursive: true, force: true });
  await mkdir(versions, { recursive: true });
  for (const file of ['alembic.ini', 'migrations/env.py', 'migrations/versions/0001_entries.py'])
    await copyFile(join(sample, file), join(service, file));
  let down = 'journal_0001';
  for (const number of numbers) {
    const revision = `journal_${String(number + 1).padStart(4, '0')}`;
    const file = join(versions, `${String(number + 1).padStart(4, '0')}_remark.py`);
    await writeFile(file, migration({ number, revision, down }));
    down = revision;
  }
}

function migration(one: { number: number; revision: string; down: string }): string {
  return `"""A remark."""

import sqlalchemy as sa
from alembic import op

revision = "${one.revision}"
down_revision = "${one.down}"
windlass = "expand"


def upgrade() -> None:
    op.add_column("entries", sa.Column("remark_${one.number}", sa.Text), schema="journal")


def downgrade() -> None:
    op.drop_column("entries", "remark_${one.number}", schema="journal")
`;
}

// The standard library alone: it serves after a tenth of a second.
function code(name: string, version: string): string {
  const database = name === 'journal';
  return `"""${name}, version ${version}."""

import http.server
import json
import os
from pathlib import Path

FOLDER = Path(os.environ.get("SECRETS_DIR", "/secrets"))


def ready() -> dict:
    secrets = sorted(p.name for p in FOLDER.iterdir()) if FOLDER.is_dir() else []
    report = {"revision": os.environ.get("K_REVISION"), "secrets": secrets, "version": "${version}"}
${database ? databaseCheck : ''}    return report


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        try:
            status, said = 200, ready() if self.path == "/readyz" else {"status": "ok"}
        except Exception as problem:
            status, said = 503, {"problem": str(problem)}
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
`;
}

const databaseCheck = `    import psycopg

    url = (FOLDER / "database-url" / "value").read_text().strip()
    with psycopg.connect(url) as connection:
        role = connection.execute("select current_user").fetchone()[0]
        found = connection.execute("select version_num from journal.alembic_version").fetchone()
    report["database"] = {"role": role, "schema": "journal", "revision": found[0]}
`;

function config(number: number, migrations: readonly number[]): string {
  const keys = migrations.map((one) => `key-${one}: generated`).join(', ');
  return `name: tiny
region: us-central1
services:
  gateway:
    source: gateway
    public: true
    secrets: { ${keys} }
    max: 1
    calls: [journal]
    ready: { path: /readyz, json: { revision: '\${revision}' } }
  journal:
    source: journal
    migrations: true
    secrets: { database-url: database }
    max: 1
    pool: 2
    ready: { path: /readyz, json: { revision: '\${revision}', secrets: [database-url] } }
environments:
  production:
    target: sandbox
    project: wellness-production
    billingAccount: 000000-000000-000000
    budgetEmail: ops@example.com
    supabase:
      organization: wellness-production
      project: wellness-production
      settings:
        jwt_exp: 86400
        mailer_autoconfirm: false
        uri_allow_list: https://tiny.example.com/**
        site_url: https://tiny-${number}.example.com
      exposedSchemas: [public]
      sslEnforced: true
`;
}
