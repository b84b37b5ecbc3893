class Text:
    """A part of an address that is used as it is written."""

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class ContractNumber(Text):
    """A CMS contract number such as H0001, the first part of every address of a plan."""

    regex = "[A-Z][0-9]{4}"


class DrugCode(Text):
    """The 11 digits of a National Drug Code."""

    regex = "[0-9]{11}"
