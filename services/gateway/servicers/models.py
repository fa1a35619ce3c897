"""ModelService: what can be asked for."""

from typing import Any

import grpc
from hatchery.gateway.v1 import model_service_pb2 as pb
from hatchery.gateway.v1.model_service_pb2_grpc import ModelServiceServicer

from services.gateway.prices import PriceList
from services.gateway.upstream.catalog import Catalog


class ModelServicer(ModelServiceServicer):
    """The RPCs of models."""

    def __init__(self, catalog: Catalog, prices: PriceList) -> None:
        self._catalog = catalog
        self._prices = prices

    async def ListModels(
        self, request: pb.ListModelsRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> pb.ListModelsResponse:
        """Lists the models of all engines, with their prices."""
        models, unavailable = await self._catalog.list()
        answer = pb.ListModelsResponse(models=models, unavailable=unavailable)
        for model in answer.models:
            if price := self._prices.price(model):
                model.price.CopyFrom(price)
        return answer
