"""A Pub/Sub server of one machine, for the unmodified Google client libraries.

It speaks gRPC with Google's own message classes, pushes over HTTP, and keeps topics,
subscriptions and unacknowledged messages in a directory, so that neither a restart nor
a `kill -9` loses what a publisher was told is published. README.md lists what it does,
and what it does otherwise than the service.

    python -m infra.local.pubsub --port 8085 --admin-port 8086 --data .local/pubsub
"""

from infra.local.pubsub.server import PubsubServer, ServerOptions, serve

__all__ = ["PubsubServer", "ServerOptions", "serve"]
