"""A sentence in both languages of the product."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One meaning, Chinese and English; rules speak in these, pages in gettext."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the English text for ``en…`` and the Chinese one for all else."""
        return self.en if language.startswith("en") else self.zh

    def as_dict(self) -> dict[str, str]:
        """Return the pair as it stands in forms and answers on the wire."""
        return {"zh": self.zh, "en": self.en}
