"""How satisfied people are: ratings."""

from hatchery.gateway.v1 import generation_service_pb2 as pb
from hatchery.progress.v1.progress_pb2 import StepCompleted
from hatchery.types.v1.usage_pb2 import Usage

from services.gateway.store.generations import Generations
from services.gateway.store.ratings import Ratings
from services.gateway.store.rows import ENDED, Row
from services.runtime.errors import InvalidField, NotEnded


class Feedback:
    """Keeps ratings, and tells of them."""

    def __init__(self, generations: Generations, ratings: Ratings) -> None:
        self._generations = generations
        self._ratings = ratings

    async def rate(self, row: Row, request: pb.RateGenerationRequest) -> None:
        """Keeps a rating, or takes it back. Raises NotEnded and InvalidField."""
        if not request.stars:
            await self._ratings.take_back(row.id, request.step)
            return
        usage = Usage()
        if request.step:
            results = await self._generations.results(row.id)
            if request.step not in results:
                raise InvalidField({"step": "is no step of it that has finished"})
            usage = StepCompleted.FromString(results[request.step]).usage
        elif row.state not in ENDED:
            raise NotEnded("it has not ended: only a step that has finished can be rated now")
        await self._ratings.put(
            row.id,
            request.step,
            engine=usage.engine,
            model=usage.model,
            stars=request.stars,
            comment=request.comment,
        )

    async def put_into(self, generation: pb.Generation, row: Row) -> pb.Generation:
        """Adds its ratings to a snapshot."""
        for rating in await self._ratings.of(row.id):
            said = generation.ratings.add(
                step=rating.step, stars=rating.stars, comment=rating.comment
            )
            said.update_time.FromDatetime(rating.update_time)
        return generation
