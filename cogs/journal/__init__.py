"""Journal: what somebody did, learned and whom they met, kept for them alone until they need it."""


async def setup(bot: object) -> None:
    """Build the feature from the bottom up."""
