"""A Google Cloud of one machine: object store, Pub/Sub, Firestore, PostgreSQL.

Each server speaks the real protocol to the unmodified Google client libraries, needs
neither docker nor an account, and keeps its data between runs.
`python -m infra.local --help` lists the commands.
"""
