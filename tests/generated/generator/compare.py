"""Compares what happened with what was reported, and says which features fail."""

from collections import Counter


class Comparison:
    def __init__(self, programs, results, reported):
        self.programs = programs
        self.results = results
        reached = {name for name, it in results.items() if it["reached"]}
        safe = {name for name, it in programs.items() if it.is_safe}
        self.reached = sorted(reached)
        self.safe = sorted(safe - reached)
        # Faults of the generator: the marker went where it should not, or did not arrive.
        self.leaked = sorted(safe & reached)
        self.lost = sorted(set(programs) - safe - reached)
        self.missed = [it for it in self.reached if it not in reported]
        self.spurious = [it for it in self.safe if it in reported]

    def print(self, is_verbose):
        found = len(self.reached) - len(self.missed)
        print(f"reported: {found} of {len(self.reached)} ({share(found, self.reached):.1%})")
        print(f"spurious: {len(self.spurious)} of {len(self.safe)} ({share(len(self.spurious), self.safe):.1%})")
        print(f"lost: {len(self.lost)}, leaked: {len(self.leaked)}")
        self.table("missed", self.missed, self.reached, lambda it: set(it.features))
        self.table("spurious", self.spurious, self.safe, lambda it: {it.breaker})
        for title in ("lost", "leaked", "missed", "spurious") if is_verbose else ():
            for name in getattr(self, title):
                program = self.programs[name]
                error = self.results[name]["error"].strip().split("\n")
                print(f"{title} {name} {program.breaker or ''} <- {', '.join(program.features)} {error[:1] + error[-1:]}")

    def table(self, title, failing, all_names, features_of):
        """Features in failing programs, with the share of programs with the feature that fail."""
        failures, totals = (Counter(f for it in names for f in features_of(self.programs[it])) for names in (failing, all_names))
        rows = sorted(failures, key=lambda it: (-failures[it] / totals[it], it))
        for feature in rows[:60]:
            print(f"  {title} {failures[feature]:4} of {totals[feature]:4}  {feature}")

    def faults(self, reported_min, spurious_max, lost_max):
        faults = []
        if share(len(self.missed), self.reached) > 1 - reported_min:
            faults.append(f"less than {reported_min:.0%} reported")
        if share(len(self.spurious), self.safe) > spurious_max:
            faults.append(f"more than {spurious_max:.0%} reported that cannot happen")
        if share(len(self.lost), self.programs) > lost_max:
            faults.append(f"the generator lost the marker in {len(self.lost)} programs")
        if self.leaked:
            faults.append(f"the generator let the marker through in {', '.join(self.leaked)}")
        return faults


def share(count, items):
    return count / max(1, len(items))
