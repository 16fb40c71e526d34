#!/usr/bin/env python3
"""usage: decode-otlp.py FILE

Reads an export of traces (OTLP's JSON) with OpenTelemetry's own schema, strictly: a field that the schema does not know, or an id of the
wrong length, is an error. Prints the spans' names.

OTLP's JSON is protobuf's but for ids, which are hex digits there (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
Exit status: 0 it is one, 1 it is not.
"""
import base64
import json
import sys

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

IDS = {"traceId": 16, "spanId": 8, "parentSpanId": 8}


def with_protobuf_ids(value):
    if isinstance(value, list):
        return [with_protobuf_ids(item) for item in value]
    if not isinstance(value, dict):
        return value
    members = {}
    for name, member in value.items():
        if name in IDS:
            identifier = bytes.fromhex(member)
            if len(identifier) != IDS[name] or not any(identifier) or member != member.lower():
                sys.exit(f"{name}: {member}")
            member = base64.b64encode(identifier).decode()
        members[name] = with_protobuf_ids(member)
    return members


with open(sys.argv[1], encoding="utf-8") as file:
    tree = json.load(file)
try:
    request = json_format.ParseDict(with_protobuf_ids(tree), ExportTraceServiceRequest())
except json_format.ParseError as error:
    sys.exit(str(error))
for resource in request.resource_spans:
    for scope in resource.scope_spans:
        for span in scope.spans:
            print(span.name)
