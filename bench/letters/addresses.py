"""Addresses to bar and to leave alone: invented ones of every British style, or those of a file.

A `World` is a list of addresses that share streets, towns and postcodes as real ones do, so that a sample of it has
neighbours, namesakes and other flats among the rest. Towns, streets and postcodes are put together by chance from a
seed; that one of them exists is chance too.
"""
import csv
import random
import re
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Address:
    """One address in its parts, each as it is written, or empty."""

    part: str
    name: str
    number: str
    street: str
    rest: tuple
    postcode: str

    def text(self):
        return " ".join(piece for piece in (self.part, self.name, self.number, self.street, *self.rest) if piece)


# How often each kind of street is met, roughly.
KINDS = dict(ROAD=30, STREET=22, AVENUE=9, LANE=8, CLOSE=10, DRIVE=8, WAY=5, COURT=3, PLACE=2, CRESCENT=3, GARDENS=2,
             GROVE=2, TERRACE=2, HILL=1, SQUARE=1, WALK=1, RISE=1, ROW=1, PARADE=1, GREEN=1, MEWS=1, VIEW=1, PARK=1)
COMMON = """HIGH STATION MAIN CHURCH PARK VICTORIA GREEN MANOR KINGS QUEENS NEW NORTH SOUTH WEST MILL SCHOOL CHAPEL
MARKET SPRINGFIELD GEORGE RICHMOND WINDSOR YORK ALBERT ALEXANDRA STANLEY HIGHFIELD GROVE CASTLE BRIDGE""".split()
FIRST = """ASH BECK BIRCH BLACK BRAM BROAD BUCK CALD CHAD CLAY COL CROM DAL DUN EAST ELM FAIR FEN FLAX GAR GREN HALL HART
HAZEL HOLM HUNT KIM KIRK LANG LIN LOX MAL MAR MEL MIL NEW NOR OAK PEN PRES RAD RED ROCK SAL SEL SHEL STAN STOCK SUT
TAD THORN TIL UP WAL WARE WES WHIT WIN WOOD""".split()
LAST = """BOROUGH BOURNE BRIDGE BROOK BURN BURY BY CLIFFE COMBE COTE CROFT DALE DEAN DON FIELD FORD GATE HAM HOLME HURST
LEY LOW MERE MINSTER MORE MOUTH PORT STEAD STOCK STOKE STONE TON TREE WAY WELL WICK WORTH""".split()
SURNAMES = """ABBOTT ALDRIDGE BARKER BEAUMONT BLAKE CARLYLE CAVENDISH CHURCHILL CLARENCE COLLINGWOOD DEVONSHIRE DRAKE
ELLESMERE FITZROY GAINSBOROUGH GLADSTONE HARDY HARCOURT HAWTHORN JUBILEE KEATS KELVIN LANCASTER LARKSPUR LAUREL
MARLBOROUGH MILTON MONTAGUE NELSON NIGHTINGALE PALMERSTON PRIMROSE RUSKIN SHAKESPEARE SHELLEY SPENCER STEPHENSON
TENNYSON TRAFALGAR WATERLOO WELLESLEY WORDSWORTH LIME CEDAR CHESTNUT POPLAR ROWAN SYCAMORE WILLOW""".split()
WELSH = dict(kinds=["HEOL", "FFORDD", "STRYD", "LON", "CLOS", "RHODFA", "TERAS"],
             names="""FAWR YR ORSAF|Y CAPEL|GLAN YR AFON|MAES Y DRE|TY GWYN|YR EGLWYS|Y BRYN|PEN Y BRYN|CAE GLAS|Y FELIN|
             DEWI SANT|LLYWELYN|Y CASTELL|NEWYDD|GOCH|PANT""".replace("\n", "").split("|"),
             towns=["LLAN", "ABER", "PEN", "TRE", "PONT", "CWM", "RHYD"],
             ends=["FACH", "GOCH", "MAWR", "DDU", "WEN", "BRYN", "DULAS", "ELAN", "GLAS", "FELIN"])
COUNTIES = """ESSEX KENT SURREY DEVON LANCASHIRE CHESHIRE CUMBRIA NORFOLK SUFFOLK DORSET SOMERSET WILTSHIRE HAMPSHIRE
HERTFORDSHIRE LEICESTERSHIRE LINCOLNSHIRE NOTTINGHAMSHIRE STAFFORDSHIRE""".split() + ["WEST YORKSHIRE", "WEST MIDLANDS"]
HOUSES = "COTTAGE HOUSE FARM LODGE BARN VILLA HALL".split()
OWN = """ROSE IVY HONEYSUCKLE ORCHARD CHURCH MILL MANOR OAK HOLLY WILLOW SUNNY STABLE SCHOOL FORGE GRANGE WOODLAND HILL
MEADOW BROOK PARK OLD NEW FAIR GREEN WHITE CHERRY LAUREL HEATHER FERN SPRING""".split()
FIRMS = """KITE NAILS|GOLDEN WOK|THE RED LION|THE CROWN|KINGS ARMS|POST OFFICE|PIZZA PALACE|VILLAGE HALL|PRIMARY SCHOOL|
METHODIST CHURCH|CO-OP|BLUEBELL NURSERY|SPORTS CLUB|COFFEE HOUSE|FISH BAR|LITTLE ACORNS|CARE HOME|BARBERS SHOP
""".replace("\n", "").split("|")
AREAS = "B BD BN BS CF CM CO CT DE DN DT EX G GL GU HU IP LA LE LL LN LS ME MK NE NG NN NP NR OX PE PL PO RG S SA SE SO SW TN WF".split()


class World:
    """Towns with streets with houses, as large as asked for."""

    def __init__(self, seed, size):
        self.random = random.Random(seed)
        self.addresses = []
        self.names = [self.word() for _ in range(150)]
        while len(self.addresses) < size:
            self.town()
        self.random.shuffle(self.addresses)
        self.addresses = list(dict.fromkeys(self.addresses))[:size]

    def word(self):
        return self.random.choice(FIRST) + self.random.choice(LAST)

    def town(self):
        chance = self.random
        style = chance.choices(["english", "welsh", "scottish", "city"], [60, 10, 12, 18])[0]
        name = chance.choice(WELSH["towns"]) + chance.choice(WELSH["ends"]) if style == "welsh" else self.word()
        name = chance.choices([name, f"{chance.choice('GREAT LITTLE ST NORTH UPPER'.split())} {name}"], [85, 15])[0]
        county = chance.choice(COUNTIES) if style == "english" and chance.random() < 0.7 else ""
        outcode = f"{chance.choice(AREAS)}{chance.randint(1, 39)}"
        places = [self.word() for _ in range(chance.randint(0, 4))] + [""] * 3
        kept = set()
        for _ in range(chance.randint(10, 40)):
            street = self.street(style)
            if street not in kept:
                kept.add(street)
                self.houses(style, street, (chance.choice(places), name, county), outcode)

    def street(self, style):
        chance = self.random
        if style == "welsh" and chance.random() < 0.5:
            return f"{chance.choice(WELSH['kinds'])} {chance.choice(WELSH['names']).strip()}"
        kind = chance.choices(list(KINDS), KINDS.values())[0]
        source = chance.choices(["common", "town", "surname", "two", "the"], [30, 25, 30, 12, 3])[0]
        return {
            "common": f"{chance.choice(COMMON)} {kind}",
            "town": f"{chance.choice(self.names)} {kind}",
            "surname": f"{chance.choice(SURNAMES)} {kind}",
            "two": f"{chance.choice('ST OLD UPPER GREAT QUEEN KING SIR'.split())} {chance.choice(SURNAMES)}S {kind}",
            "the": f"THE {kind}",
        }[source]

    def houses(self, style, street, rest, outcode):
        chance = self.random
        incodes = [f"{chance.randint(0, 9)}{self.letters()}" for _ in range(chance.randint(1, 3))]
        at = chance.randint(1, 80)
        for _ in range(chance.randint(3, 14)):
            at += chance.choice([1, 2, 2, 2, 4, 6])
            postcode = f"{outcode} {chance.choice(incodes)}"
            self.house(style, str(at), street, rest, postcode)

    def letters(self):
        return "".join(self.random.choices("ABDEFGHJLNPQRSTUWXYZ", k=2))

    def house(self, style, number, street, rest, postcode):
        chance = self.random
        plain = Address("", "", number, street, rest, postcode)
        flats = {"city": 0.45, "scottish": 0.4}.get(style, 0.12)
        if chance.random() < flats:
            labels = self.flats(style)
            self.addresses += [replace(plain, part=label) for label in labels]
            return
        shape = chance.choices(["plain", "suffix", "range", "named", "firm", "unnumbered", "unit"],
                               [66, 6, 4, 5, 6, 7, 6])[0]
        self.addresses.append({
            "plain": lambda: plain,
            "suffix": lambda: replace(plain, number=number + chance.choice("ABCD")),
            "range": lambda: replace(plain, number=f"{number}-{int(number) + 2}"),
            "named": lambda: replace(plain, name=self.house_name()),
            "firm": lambda: replace(plain, name=chance.choice(FIRMS)),
            "unnumbered": lambda: replace(plain, name=self.house_name(), number=""),
            "unit": lambda: replace(plain, part=f"UNIT {chance.randint(1, 30)}",
                                    name=f"{chance.choice(SURNAMES)} BUSINESS PARK", number=""),
        }[shape]())

    def house_name(self):
        return f"{self.random.choice(OWN)} {self.random.choice(HOUSES)}"

    def flats(self, style):
        chance, count = self.random, self.random.randint(2, 4)
        forms = [[f"FLAT {i + 1}" for i in range(count)], [f"FLAT {letter}" for letter in "ABCD"[:count]],
                 ["GROUND FLOOR FLAT", "FIRST FLOOR FLAT", "SECOND FLOOR FLAT", "TOP FLOOR FLAT"][:count],
                 ["BASEMENT FLAT", "GROUND FLOOR FLAT", "FIRST FLOOR FLAT"][:count]]
        scottish = [["1F1", "1F2", "2F1", "2F2"][:count], ["FLAT 1/1", "FLAT 1/2", "FLAT 2/1"][:count]]
        return chance.choice(scottish if style == "scottish" else forms)


KIND = r"(?:ROAD|STREET|AVENUE|LANE|CLOSE|DRIVE|WAY|COURT|PLACE|CRESCENT|GARDENS|GROVE|TERRACE|HILL|SQUARE|WALK|END|ROW|GREEN)"
SHAPE = re.compile(rf"^(?P<part>(?:UNIT|FLAT) \w+ )?(?P<name>.*?)(?P<number>\b\d+[A-Z]?(?:-\d+[A-Z]?)? )?"
                   rf"(?P<street>[A-Z ]*?{KIND}\b)(?P<rest>.*)$")


def read(text, postcode):
    """An address of a file in its parts; None for one without a street that can be told."""
    found = SHAPE.match(text)
    if not found or not (found["number"] or found["name"].strip()):
        return None
    pieces = {key: (value or "").strip() for key, value in found.groupdict().items()}
    name = pieces["name"]
    if not pieces["number"] and not name:
        return None
    return Address(pieces["part"], name, pieces["number"], pieces["street"], (pieces["rest"],), postcode)


def from_files(folder):
    """The addresses of `barred.csv` and those of `letters.csv` that are real and go to none of them."""
    with open(f"{folder}/barred.csv", newline="") as file:
        rows = [(row["address_concat"], row["postcode"]) for row in csv.DictReader(file)]
    with open(f"{folder}/letters.csv", newline="") as file:
        rows += [(row["address_concat"], row["postcode"]) for row in csv.DictReader(file)
                 if row["cls"] == "NEG_random_real"]
    read_rows = (read(*row) for row in dict.fromkeys(rows))
    return [address for address in read_rows if address]
