"""What names are made of."""

from collections.abc import Sequence


def _parts(text: str) -> Sequence[str]:
    return tuple(text.split())


# A name is one of these and one of those, of which a model takes what suits: no companion is called
# like one of the examples, and none like something that it should not.
GIVEN_BEGINS = _parts("""
Ba Be Bi Bo Bra Bri Bru Ca Ce Co Cle Da De Do Dru E Fa Fe Fi Flo Fre Ga Gri Ha He Hu I Ja Jo Ju Ka
Ke Ki La Le Li Lo Lu Ma Me Mi Mo Ne Ni No O Pa Pe Pi Po Qui Ra Re Ri Ro Ru Sa Si So Su Ta Te
Ti To Tri Tu Va Ve Vi Wa We Wi Ya Yo Za Ze Zo
""")
GIVEN_ENDS = _parts("""
bbin bby bel blin bo by della dle dora dric ffa ffin lba lby lda lena lia lina lka llow llo lma lo
lora lou lvo lwyn mble mbly mina mlin mo mora na ndel ndra ndrel nella nia nka nnow nny nora nwick
pper pple ra rabel rbert rby rella ria rin rla rley rlo rly rra rro rtle ru rwin sha sper ster stle
thea vi vie vin wyn xie zu zzy
""")

# A family's name is made in the same way.
FAMILY_BEGINS = _parts("""
Amber Ash Bramble Briar Copper Dew Ember Fern Frost Hazel Heather Hollow Juniper Lantern Maple
Meadow Mist Moon Moss Nettle Oak Pebble Quill Reed River Rowan Sage Silver Star Stone Thistle Thorn
Umber Willow Winter Wren
""")
FAMILY_ENDS = _parts("""
bell bloom brook burrow croft dale fall field ford gate glen grove light mere shade song step wick
wind wood
""")
