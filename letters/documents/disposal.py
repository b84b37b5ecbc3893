"""How to get rid of medicine safely; owed once a year to every member in the program (42 CFR 422.111(j))."""

from dataclasses import dataclass

from letters.documents.parts import Section


@dataclass(frozen=True)
class SafeDisposal:
    """At least two take-back sites near the member: the rule asks for two or more in the member's community."""

    sites: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.sites) < 2:
            raise ValueError("Name two or more take-back sites near the member.")

    @property
    def sections(self) -> tuple[Section, ...]:
        return (self._sites(), self._home())

    def _sites(self) -> Section:
        return Section(
            "Get rid of old medicine safely",
            paragraphs=(
                "Do not keep medicine you no longer need. Some drugs, such as strong pain pills, can harm others.",
                "The best way is a take-back site. These are near you:",
            ),
            bullets=self.sites,
        )

    def _home(self) -> Section:
        return Section(
            "Other ways",
            bullets=(
                "Find more sites or mail-back help at www.deatakeback.com.",
                "No site near you? Read the label. Flush the drug only if the label says so.",
                "Or mix it with dirt, cat litter or used coffee. Put it in a sealed bag in the trash.",
                "Scratch your name off the bottle first.",
                "Learn more at www.hhs.gov/opioids/prevention/safely-dispose-drugs.",
            ),
        )
