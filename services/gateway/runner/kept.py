"""What is gone on with: texts that were halted before their end."""

from hatchery.gateway.v1.generation_service_pb2 import Generation, StepSnapshot

from services.gateway.recipes.recipe import Kept, Recipe


def kept_of(recipe: Recipe, snapshot: Generation) -> dict[str, Kept]:
    """By step, the text that its present attempt has written: a pause or a lost runner ended it."""
    halted = (StepSnapshot.STATE_PENDING, StepSnapshot.STATE_RUNNING)
    writers = {step.name for step in recipe.steps if step.text is not None}
    steps = {
        step.step: step
        for step in snapshot.steps
        # What has failed is not gone on with, also when it was halted before its next try.
        if step.step in writers and step.state in halted and not step.HasField("error")
    }
    return {
        text.step: Kept(
            text.text,
            steps[text.step].tokens.tokens,
            steps[text.step].tokens.elapsed.ToNanoseconds() / 1e9,
        )
        for text in snapshot.texts
        if text.text and not text.field and text.step in steps
    }
