"""The XML interface's documents, written and read with the standard library.

What is read is small and comes from a client on this machine; entity declarations,
the only danger of that parser, are refused before it sees them.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from .errors import InvalidError, StorageError
from .listing import Listing, ListQuery
from .multipart import Multipart, Part
from .resources import StoredObject

# Multipart uploads and listings keep the namespace of the interface they follow.
_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


def error(exc: StorageError) -> bytes:
    root = ET.Element("Error")
    _add(root, Code=exc.code, Message=exc.message)
    if exc.facts:
        _add(root, Details=str(exc))
    return _bytes(root)


def form_receipt(item: StoredObject, location: str) -> bytes:
    root = ET.Element("PostResponse")
    _add(
        root,
        Location=location,
        Bucket=item.bucket,
        Key=item.name,
        ETag=f'"{item.etag}"',
    )
    return _bytes(root)


def multipart_started(upload: Multipart) -> bytes:
    root = ET.Element("InitiateMultipartUploadResult", xmlns=_NAMESPACE)
    _add(root, Bucket=upload.bucket, Key=upload.name, UploadId=upload.id)
    return _bytes(root)


def multipart_completed(item: StoredObject, location: str) -> bytes:
    root = ET.Element("CompleteMultipartUploadResult", xmlns=_NAMESPACE)
    _add(
        root,
        Location=location,
        Bucket=item.bucket,
        Key=item.name,
        ETag=f'"{item.etag}"',
    )
    return _bytes(root)


def multipart_parts(upload: Multipart, parts: Iterable[Part]) -> bytes:
    root = ET.Element("ListPartsResult", xmlns=_NAMESPACE)
    _add(root, Bucket=upload.bucket, Key=upload.name, UploadId=upload.id)
    for part in parts:
        _add(
            ET.SubElement(root, "Part"),
            PartNumber=str(part.number),
            ETag=f'"{part.etag}"',
            Size=str(part.size_bytes),
        )
    return _bytes(root)


def multipart_uploads(bucket: str, uploads: Iterable[Multipart]) -> bytes:
    root = ET.Element("ListMultipartUploadsResult", xmlns=_NAMESPACE)
    _add(root, Bucket=bucket)
    for upload in uploads:
        _add(
            ET.SubElement(root, "Upload"),
            Key=upload.name,
            UploadId=upload.id,
            Initiated=upload.created_at,
        )
    return _bytes(root)


def chosen_parts(body: bytes) -> list[tuple[int, str]]:
    """Read a `CompleteMultipartUpload`: part numbers and entity tags.

    Raises:
        InvalidError: *body* is something else.
    """
    if b"<!" in body:
        raise InvalidError("declarations are not allowed")
    try:
        root = ET.fromstring(body)  # noqa: S314  declarations are refused above
        parts = [part for part in root if _local(part.tag) == "Part"]
        return [(int(_text(part, "PartNumber")), _text(part, "ETag")) for part in parts]
    except (ET.ParseError, ValueError) as exc:
        raise InvalidError("not a CompleteMultipartUpload") from exc


def listing(query: ListQuery, page: Listing) -> bytes:
    root = ET.Element("ListBucketResult", xmlns=_NAMESPACE)
    _add(
        root,
        Name=query.bucket,
        Prefix=query.prefix,
        KeyCount=str(len(page)),
        IsTruncated=str(page.next_page is not None).lower(),
    )
    if page.next_page is not None:
        _add(
            root,
            NextContinuationToken=page.next_page.token(),
            NextMarker=page.next_page.name,
        )
    for item in page.items:
        _add(
            ET.SubElement(root, "Contents"),
            Key=item.name,
            Generation=str(item.generation),
            MetaGeneration=str(item.metageneration),
            LastModified=item.updated_at,
            ETag=f'"{_md5_hex(item)}"',
            Size=str(item.size_bytes),
        )
    for prefix in page.prefixes:
        _add(ET.SubElement(root, "CommonPrefixes"), Prefix=prefix)
    return _bytes(root)


def _md5_hex(item: StoredObject) -> str:
    return base64.b64decode(item.md5).hex() if item.md5 else item.etag


def _add(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, name).text = text


def _text(parent: ET.Element, name: str) -> str:
    for child in parent:
        if _local(child.tag) == name and child.text:
            return child.text.strip()
    raise ValueError(name)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _bytes(root: ET.Element) -> bytes:
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
