"""Cloud Storage on one machine, for the unmodified Google client libraries.

The JSON and XML interfaces, every way to upload, generations and preconditions, signed
URLs and forms whose signatures are really checked, CORS, and notifications that are
recorded with the object they speak of and delivered to Pub/Sub at least once.

    python -m infra.local.storage --port 9023 --data DIR --keys DIR
"""

from infra.local.storage.keys import service_account_file
from infra.local.storage.server import StorageConfig, serve

__all__ = ["StorageConfig", "serve", "service_account_file"]
