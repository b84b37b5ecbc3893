class ContractNumber:
    """A CMS contract number such as H0001, the first part of every address of a plan."""

    regex = "[A-Z][0-9]{4}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
