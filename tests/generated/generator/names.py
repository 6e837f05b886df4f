"""Names and small values, so that no two programs look alike."""

VALUES = "item entry part value data text label detail record field note token piece result current".split()
FUNCTIONS = "build prepare convert load pick collect handle apply resolve gather shape render relay forward".split()
CLASSES = "Box Holder Report Session Job Worker Store Parcel Ticket Wrapper Carrier Account".split()
KEYS = "name kind path title owner target source label status first last left right body head".split()
WORDS = "alpha beta gamma delta report summary main draft local public daily backup archive".split()


class Names:
    """Fresh names of one program: by the first letter of a placeholder."""

    POOLS = {"f": FUNCTIONS, "C": CLASSES, "v": VALUES, "m": KEYS}

    def __init__(self, rng, snake):
        self.rng = rng
        self.snake = snake
        self.used = {}

    def fresh(self, letter):
        if letter == "s":
            return self.rng.choice(WORDS)
        if letter == "n":
            return str(self.rng.randint(2, 40))
        if letter == "k":
            return self.unique(self.rng.choice(KEYS))
        name = self.rng.choice(self.POOLS[letter])
        if self.rng.random() < 0.4 and letter in "fv":
            other = self.rng.choice(VALUES)
            name = f"{name}_{other}" if self.snake else name + other.capitalize()
        return self.unique(name)

    def unique(self, name):
        count = self.used.get(name, 0)
        self.used[name] = count + 1
        return name if count == 0 else f"{name}{count + 1}"
