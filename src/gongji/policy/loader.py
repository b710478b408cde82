"""From files to a checked library: read everything, report everything that is wrong, then decide what is in
force when.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec

from gongji.policy.digest import canonical_text, digest_of, parse_canonical
from gongji.policy.fields import Scope
from gongji.policy.heads import read_head
from gongji.policy.model import Decision, Document, Library, LibraryError, Problem, Provision, Vocabulary
from gongji.policy.reader import ProvisionReader
from gongji.policy.timeline import resolve
from gongji.policy.wordbook import read_decisions, read_vocabulary
from gongji.policy.world import World
from gongji.policy.yamltree import Node, parse_file, parse_text, wrap

_FOLDER = Path(__file__).parent / "library"
DEMO_OVERLAY = _FOLDER / "overlays" / "demo.yaml"
"""Made-up values for demonstrations, clearly labelled; never law."""


def library_files() -> tuple[Path, ...]:
    """The documents that come with the project."""
    return tuple(sorted(_FOLDER.glob("*.yaml")))


def load_library(
    paths: Sequence[Path] | None = None, overlay: Path | None = None, published_on: date | None = None
) -> Library:
    """The law of ``paths`` (None: the built-in files) and an operator's ``overlay``, as known on
    ``published_on``.

    Raises LibraryError with every problem found. The built-in vocabulary and decisions are always known; a
    document published after ``published_on`` is not.
    """
    problems: list[Problem] = []
    files = [*(library_files() if paths is None else paths), *([overlay] if overlay else [])]
    words = [path for path in (_FOLDER / "vocabulary.yaml", _FOLDER / "decisions.yaml") if path not in files]
    trees = [(path.name, parse_file(path, path.name, problems)) for path in [*words, *files]]
    return build_library(((name, tree) for name, tree in trees if tree is not None), problems, published_on)


def library_from_texts(
    texts: Mapping[str, str], published_on: date | None = None, *, builtin: bool = True
) -> Library:
    """A library from YAML ``texts`` by file name, beside the built-in documents unless ``builtin`` is
    False.
    """
    problems: list[Problem] = []
    files = library_files() if builtin else (_FOLDER / "vocabulary.yaml", _FOLDER / "decisions.yaml")
    trees = [(path.name, parse_file(path, path.name, problems)) for path in files]
    trees += [(name, parse_text(text, name, problems)) for name, text in texts.items()]
    return build_library(((name, tree) for name, tree in trees if tree is not None), problems, published_on)


def build_library(
    trees: Iterable[tuple[str, Node]], problems: list[Problem], published_on: date | None = None
) -> Library:
    """The library of parsed ``trees``. Raises LibraryError when there is any problem."""
    vocabulary, decisions = Vocabulary({}, {}, {}, {}), dict[str, Decision]()
    documents: list[tuple[Scope, Document, Node]] = []
    for name, tree in ((name, part) for name, whole in trees for part in _parts(whole)):
        scope = Scope(name, problems)
        if "vocabulary" in tree.items:
            read_vocabulary(scope, tree.items["vocabulary"], vocabulary)
        elif "decisions" in tree.items:
            read_decisions(scope, tree.items["decisions"], decisions)
        elif (head := read_head(scope, tree)) is not None and _known(head, published_on):
            documents.append((scope, head, tree))
    return _assemble(documents, vocabulary, decisions, problems, published_on)


def _parts(tree: Node) -> list[Node]:
    """The documents of one file: usually the file itself; an overlay for several regions lists them."""
    listed = tree.items.get("documents")
    return listed.children if listed is not None and listed.children else [tree]


def _known(document: Document, published_on: date | None) -> bool:
    return published_on is None or document.known_from is None or document.known_from <= published_on


def _assemble(
    read: list[tuple[Scope, Document, Node]],
    vocabulary: Vocabulary,
    decisions: dict[str, Decision],
    problems: list[Problem],
    published_on: date | None,
) -> Library:
    _check_identities(read)
    world = World(vocabulary, (document for _, document, _ in read))
    documents: dict[str, Document] = {}
    places: dict[str, tuple[str, int]] = {}
    for scope, head, tree in sorted(read, key=lambda item: item[1].id):
        reader = ProvisionReader(scope, world, head)
        provisions = reader.read(tree.items.get("provisions"))
        documents[head.id] = msgspec.structs.replace(head, provisions=provisions)
        places |= {clause: (scope.file, line) for clause, line in reader.lines.items()}
    scopes = {document.id: scope for scope, document, _ in read}
    return _finish(documents, scopes, vocabulary, decisions, problems, published_on, places)


def _finish(
    documents: dict[str, Document],
    scopes: Mapping[str, Scope],
    vocabulary: Vocabulary,
    decisions: dict[str, Decision],
    problems: list[Problem],
    published_on: date | None,
    places: Mapping[str, tuple[str, int]] | None = None,
) -> Library:
    """Check clauses across documents and decide what is in force when."""
    documents = _confirmed(documents)
    by_clause = _provisions(documents, scopes, decisions)
    world = World(vocabulary, documents.values())
    slots = {} if problems else resolve(world, documents, by_clause, problems, places or {})
    if problems:
        raise LibraryError(tuple(dict.fromkeys(problems)))
    digest = digest_of(canonical_text(documents, vocabulary, decisions))
    return Library(documents, by_clause, vocabulary, decisions, slots, published_on, digest)


def dump_library(library: Library) -> bytes:
    """The canonical text of a library; its SM3 is the library's digest. Keep it to replay settlements
    later.
    """
    return canonical_text(library.documents, library.vocabulary, library.decisions)


def restore_library(text: bytes) -> Library:
    """The library of a canonical text, with the digest it had. Raises LibraryError when the text is no
    library.
    """
    try:
        content = parse_canonical(text)
    except msgspec.DecodeError as error:
        raise LibraryError((Problem(f"不是政策库的规范文本: {error}"),)) from error
    problems: list[Problem] = []
    scopes = dict.fromkeys(content.documents, Scope("", problems))
    return _finish(content.documents, scopes, content.vocabulary, content.decisions, problems, None)


def extend_library(library: Library, data: Mapping[str, object]) -> Library:
    """``library`` with one more document, written as Python data in the form of the YAML. Raises
    LibraryError.

    Amounts and rates are strings, as in the files. A document of the same id is replaced.
    """
    problems: list[Problem] = []
    scope = Scope("", problems)
    tree = wrap(dict(data))
    head = read_head(scope, tree)
    if head is None:
        raise LibraryError(tuple(problems))
    world = World(library.vocabulary, [*(d for d in library.documents.values() if d.id != head.id), head])
    provisions = ProvisionReader(scope, world, head).read(tree.items.get("provisions"))
    documents = {**library.documents, head.id: msgspec.structs.replace(head, provisions=provisions)}
    documents = dict(sorted(documents.items()))
    scopes = dict.fromkeys(documents, scope)
    return _finish(documents, scopes, library.vocabulary, library.decisions, problems, library.published_on)


def _check_identities(read: list[tuple[Scope, Document, Node]]) -> None:
    """Document ids are unique, and precedence speaks of documents that exist."""
    seen: dict[str, str] = {}
    for scope, document, _ in read:
        if document.id in seen:
            scope.problem(f"文件编号 {document.id} 与 {seen[document.id]} 重复")
        seen.setdefault(document.id, scope.file)
    for scope, document, _ in read:
        for relation in (*document.supersedes, *document.overrides):
            if relation.document == document.id:
                scope.problem(f"{document.id} 不能取代自己")


def _provisions(
    documents: Mapping[str, Document], scopes: Mapping[str, Scope], decisions: Mapping[str, Decision]
) -> dict[str, Provision]:
    found: dict[str, Provision] = {}
    for document in documents.values():
        scope = scopes[document.id]
        for provision in document.provisions:
            if provision.clause in found:
                scope.problem(f"条款 {provision.clause} 重复, 已见于 {found[provision.clause].number}")
            found[provision.clause] = provision
            for decision in provision.decisions:
                if decision not in decisions:
                    scope.problem(f"条款 {provision.clause} 引用的决定 {decision} 不存在")
        for clause in document.confirms:
            if not any(
                clause in {provision.clause for provision in other.provisions} for other in documents.values()
            ):
                scope.problem(f"confirms 中的条款 {clause} 不存在")
    return found


def _confirmed(documents: dict[str, Document]) -> dict[str, Document]:
    """Clauses that an operator's overlay confirms carry the operator's word from then on."""
    clauses = {clause for document in documents.values() for clause in document.confirms}
    if not clauses:
        return documents
    return {
        identity: msgspec.structs.replace(
            document,
            provisions=tuple(
                msgspec.structs.replace(provision, confidence="operator")
                if provision.clause in clauses
                else provision
                for provision in document.provisions
            ),
        )
        for identity, document in documents.items()
    }
