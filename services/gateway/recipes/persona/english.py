"""What an English description is made of, as far as it helps to take one apart."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What may follow a noun and its attributes.
HEAD_ENDS = _words("""
who that which whose with from in on of made and named called living lives loves likes afraid
wearing carrying riding holding at under by for but whom when where always obsessed trying looking
raised born
""")
# Endings of callings, and words that only look like one.
AGENT_ENDINGS = ("er", "or", "ist", "ian", "man", "smith", "maid")
NO_AGENTS = _words("""
water paper silver river flower summer winter thunder copper amber timber leather feather tiger
under over after never ever clever tender super other sister brother mother father grandmother
grandfather color mirror horror human spider badger beaver otter hamster panther butter sugar ginger
order number letter dinner tower power corner shoulder finger weather whisper former younger older
bigger smaller junior senior minor major floor door moor armor wonder better bitter eager sober
lover killer
""")
# Words that show that a text in plain letters is not in English.
NOT_ENGLISH = _words("""
ein eine einer der das und mit auf ist den dem von zu nicht un une le la les des du est dans avec
qui que et el los las una con por para es y del il lo gli che di da per een het van en met som og
och att uma os um com e nie jest na z w
""")
