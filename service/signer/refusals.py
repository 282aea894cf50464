"""Why the signer will not sign, in Danish and English. A sentence names shards and numbers, never people."""

from dataclasses import dataclass

ROLLED_BACK = (
    "Databasen er rullet tilbage eller byttet, uden at det er erklæret med skoen restore.",
    "The database was rolled back or exchanged, and no skoen restore declares it.",
)
CHANGED = ("Loggen er ændret uden om Skøn.", "The log was changed behind Skøn's back.")

SENTENCES = {
    "shard_unknown": (
        "{shard} er ikke et navn på en log. {0}",
        "{shard} is no name of a log. {0}",
        CHANGED,
    ),
    "vanished": (
        "{shard} er forseglet med {sealed} poster og findes ikke længere. {0}",
        "{shard} was sealed with {sealed} entries and is no longer there. {0}",
        ROLLED_BACK,
    ),
    "shorter": (
        "{shard} har {found} poster, men {sealed} er forseglet. {0}",
        "{shard} has {found} entries, and {sealed} are sealed. {0}",
        ROLLED_BACK,
    ),
    "sealed_changed": (
        "{shard}: De poster, der er forseglet, er ikke længere de samme. {0}",
        "{shard}: the entries that were sealed are no longer the same. {0}",
        ROLLED_BACK,
    ),
    "entry_missing": (
        "{shard} nr. {seq} mangler. {0}",
        "{shard} number {seq} is missing. {0}",
        CHANGED,
    ),
    "entry_changed": (
        "{shard} nr. {seq} passer ikke til sit fingeraftryk. {0}",
        "{shard} number {seq} does not fit its leaf hash. {0}",
        CHANGED,
    ),
    "entry_elsewhere": (
        "{shard} nr. {seq} siger selv, at den står et andet sted. {0}",
        "{shard} number {seq} says itself that it stands elsewhere. {0}",
        CHANGED,
    ),
    "entry_too_long": (
        "{shard} nr. {seq} er for lang til at kunne forsegles.",
        "{shard} number {seq} is too long to be sealed.",
        ("", ""),
    ),
    "head_differs": (
        "{shard}: Posterne giver en anden rod end den, loggen selv har noteret. {0}",
        "{shard}: the entries give another root than the one the log has noted. {0}",
        CHANGED,
    ),
    "beyond_head": (
        "{shard}: Loggen har noteret {found} poster, men den sidste har nr. {seq}. {0}",
        "{shard}: the log has noted {found} entries, and the last is number {seq}. {0}",
        CHANGED,
    ),
    "old_epoch_grew": (
        "{shard} er afløst efter en gendannelse med {sealed} poster, men har nu {found}. {0}",
        "{shard} was replaced after a restore with {sealed} entries, and has {found} now. {0}",
        CHANGED,
    ),
    "epoch_undeclared": (
        "{shard}: En ny epoke er begyndt, uden at dens første post erklærer en gendannelse. {0}",
        "{shard}: a new epoch began, and its first entry declares no restore. {0}",
        CHANGED,
    ),
    "epoch_otherwise": (
        "{shard}: Gendannelsen nævner et andet kontrolpunkt end det sidste, med {sealed} poster. {0}",
        "{shard}: the restore names another checkpoint than the last one, of {sealed} entries. {0}",
        CHANGED,
    ),
    "retired_otherwise": (
        "{shard} er udgået med et andet kontrolpunkt end det sidste, med {sealed} poster. {0}",
        "{shard} was retired with another checkpoint than the last one, of {sealed} entries. {0}",
        CHANGED,
    ),
    "two_roots": (
        "{shard}: Det offentliggjorte kontrolpunkt har en anden rod end den, signeringen husker.",
        "{shard}: the published checkpoint has another root than the signer remembers.",
        ("", ""),
    ),
    "checkpoint_unknown": (
        "{shard}: Der ligger et kontrolpunkt, som signeringen ikke husker og ikke kan fortsætte fra.",
        "{shard}: there is a checkpoint that the signer does not remember and cannot go on from.",
        ("", ""),
    ),
}


@dataclass(frozen=True)
class Refusal:
    """One inconsistency: its code, the shard, and the sentence in both languages."""

    code: str
    shard: str
    da: str
    en: str


class Inconsistent(Exception):
    """Something that is not to be signed; `refusal` says what."""

    def __init__(self, code: str, shard: str, **numbers: int) -> None:
        danish, english, ends = SENTENCES[code]
        da, en = (
            sentence.format(end, shard=shard, **numbers).strip()
            for sentence, end in ((danish, ends[0]), (english, ends[1]))
        )
        self.refusal = Refusal(code, shard, da, en)
        super().__init__(en)
