"""The ports fulfilled: by Google Cloud, by S3, by files, and by memory in tests.

Every adapter takes a ready client and translates its errors; `urls` makes them from
addresses and imports a client library only when an address asks for it.
"""
