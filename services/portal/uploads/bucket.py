"""Files as objects in a bucket of any S3 server (ADR 20)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from urllib.parse import urlsplit

from minio import Minio
from minio.error import MinioException, S3Error
from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from chassis.errors import Unavailable

CONNECT_SECONDS, READ_SECONDS, TRIES = 2.0, 10.0, 2


class Bucket:
    """Objects of one bucket, which must be there."""

    def __init__(self, name: str, endpoint: str, access_key: str, secret_key: str) -> None:
        server = urlsplit(endpoint)
        wait = Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        pool = PoolManager(timeout=wait, retries=Retry(total=TRIES, backoff_factor=0.2), maxsize=16)
        self.name = name
        self.client = Minio(
            server.netloc, access_key, secret_key, secure=server.scheme == "https", http_client=pool, region="us-east-1"
        )

    def put(self, sha256: str, content: bytes) -> None:
        with _reached():
            self.client.put_object(self.name, sha256, BytesIO(content), len(content))

    def get(self, sha256: str) -> bytes | None:
        with _reached():
            try:
                answer = self.client.get_object(self.name, sha256)
            except S3Error as error:
                if error.code == "NoSuchKey":
                    return None
                raise
            try:
                return bytes(answer.data)
            finally:
                answer.release_conn()

    def delete(self, sha256: str) -> None:
        with _reached():
            self.client.remove_object(self.name, sha256)


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except (MinioException, HTTPError) as error:
        raise Unavailable("附件库暂时连不上，请稍后再试") from error
