"""google.iam.v1.IAMPolicy: policies are kept and given back; everything is allowed."""

from __future__ import annotations

import hashlib

import grpc
from google.iam.v1 import iam_policy_pb2, policy_pb2

from infra.local import rpc
from infra.local.pubsub.broker import Broker
from infra.local.pubsub.wire import Context, Proto, method


class AccessService:
    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def handler(self) -> grpc.GenericRpcHandler:
        return rpc.service(
            "google.iam.v1.IAMPolicy",
            [
                method("SetIamPolicy", self.set, iam_policy_pb2.SetIamPolicyRequest),
                method("GetIamPolicy", self.get, iam_policy_pb2.GetIamPolicyRequest),
                method(
                    "TestIamPermissions",
                    self.test,
                    iam_policy_pb2.TestIamPermissionsRequest,
                ),
            ],
        )

    async def set(self, request: Proto, context: Context) -> Proto:
        policy = request.policy
        policy.etag = b""
        body = policy.SerializeToString(deterministic=True)
        policy.etag = hashlib.sha256(body).digest()[:8]
        self._broker.access[request.resource] = policy
        self._broker.save("access", request.resource, policy)
        await self._broker.journal.committed()
        return policy

    async def get(self, request: Proto, context: Context) -> Proto:
        return self._broker.access.get(request.resource, policy_pb2.Policy())

    async def test(self, request: Proto, context: Context) -> Proto:
        return iam_policy_pb2.TestIamPermissionsResponse(
            permissions=request.permissions
        )
