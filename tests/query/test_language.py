"""The parser: what it accepts, how it says what it understood, and where it points when it does not."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kymograph.errors import QueryError
from kymograph.query.expression import (
    Ago,
    And,
    Compare,
    Expression,
    In,
    Matches,
    Missing,
    Node,
    Not,
    Number,
    Or,
    Text,
    Truthy,
)
from kymograph.query.language import DEEPEST, MOST_TESTS, parse, parse_sort
from kymograph.query.pattern import Pattern
from kymograph.query.tokens import LONGEST_QUERY


def test_the_query_of_the_manual_is_understood():
    query = 'config.lr < 0.01 and (val/acc.max > 0.9 or tag.best) and name ~ "resnet" and started > -7d'
    assert parse(query).root == And(
        (
            Compare("config.lr", "<", Number(0.01)),
            Or((Compare("val/acc.max", ">", Number(0.9)), Truthy("tag.best"))),
            Matches("name", Pattern("resnet")),
            Compare("started", ">", Ago(7 * 86_400)),
        )
    )
    assert parse(query).columns == ("config.lr", "val/acc.max", "tag.best", "name", "started")


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("a == 1", "a = 1"),
        ("a <> 1", "a != 1"),
        ("1 < a", "a > 1"),
        ("A = 1 AND B = 2", "A = 1 and B = 2"),
        ("a && b || !c", "a and b or not c"),
        ("a in (1, 2)", "a in [1, 2]"),
        ("a in [1, 2,]", "a in [1, 2]"),
        ("a not in ['x', y]", 'a not in ["x", "y"]'),
        ("a is null", "a is missing"),
        ("a IS NOT NULL", "a is not missing"),
        ("duration > 1h30m", "duration > 5400"),
        ("lr = 10k", "lr = 10000"),
        ("acc > 35%", "acc > 0.35"),
        ("size > 2Gi", "size > 2147483648"),
        ("lr < -1e-3", "lr < -0.001"),
        ("x < -inf", "x < -inf"),
        ("lr<-3", "lr < -3"),
        ("config.amp = true", "config.amp = 1"),
        ("status = finished", 'status = "finished"'),
        ("id = 3k2x9fab", 'id = "3k2x9fab"'),
        ("config.date > 2026-11-01", 'config.date > "2026-11-01"'),
        ("val/acc > train/acc", "val/acc > train/acc"),
        ("name like 'res%'", 'name ~ "(?s)^res"'),
        ("name not like '%res%'", 'name !~ "(?s)res"'),
        ("name ilike 'a_c'", 'name ~ "(?is)^a.c$"'),
        (r'name = "a\"b\\n"', r'name = "a\"b\\n"'),
        ("", ""),
        ("  ", ""),
    ],
)
def test_other_spellings_say_the_same(query, same):
    assert str(parse(query)) == same
    assert parse(same) == parse(query)


def test_odd_names_go_in_backticks():
    assert parse("config.`my key` = 1").columns == ("config.`my key`",)
    assert parse("`val acc`.max > 0.5 and tags.`a/b c`").columns == ("`val acc`.max", "tags.`a/b c`")


def test_texts_in_both_quotes_keep_what_is_escaped():
    assert parse("""name = 'it\\'s "so"\\n'""").root == Compare("name", "=", Text('it\'s "so"\n'))


def test_backslashes_of_a_pattern_stay():
    assert parse(r'name ~ "v\d+"').root == Matches("name", Pattern(r"v\d+"))


@pytest.mark.parametrize(
    ("query", "column", "expected"),
    [
        ("config.lr <", 11, "a number"),
        ("config.lr < and", 12, "a number"),
        ("(a = 1", 6, "closing )"),
        ("a = 1)", 5, "end of the query"),
        ("a = 1 b = 2", 6, "and"),
        ("a and", 5, "name of a column"),
        ("and a", 0, "name of a column"),
        ("a ? 1", 2, "operator"),
        ('name = "res', 7, 'closing "'),
        ("`name = 1", 0, "closing `"),
        ("a is lost", 5, "missing"),
        ("a in 3", 5, "list"),
        ("a in [1 2]", 8, "comma"),
        ("a not 3", 6, "in"),
        ("a ~ 3", 4, "pattern"),
        ('name ~ "a("', 9, "regular expression"),
        ("a < b", 4, "in quotes"),
        ("3 and a", 2, "comparison"),
        ("started > 7d", 10, "seven days ago"),
        ('started > "yesterday"', 10, "2026-11-01"),
    ],
)
def test_an_error_points_at_the_column_and_says_what_was_expected(query, column, expected):
    with pytest.raises(QueryError) as error:
        parse(query)
    assert error.value.column == column
    assert expected in error.value.expected


def test_a_query_is_bounded_in_length_depth_and_number_of_tests():
    with pytest.raises(QueryError, match="characters"):
        parse("a" * (LONGEST_QUERY + 1))
    with pytest.raises(QueryError, match="inside each other"):
        parse("(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1))
    with pytest.raises(QueryError, match="inside each other"):
        parse("not " * (DEEPEST + 1) + "a")
    with pytest.raises(QueryError, match="tests"):
        parse(" or ".join(["a"] * (MOST_TESTS + 1)))
    assert parse("(" * (DEEPEST - 1) + "a" + ")" * (DEEPEST - 1)).root == Truthy("a")


def test_sort_keys_name_a_column_and_a_direction():
    assert [str(key) for key in parse_sort("-val/acc.max, name, `a,b` desc,started ASC,")] == [
        "-val/acc.max",
        "name",
        "-`a,b`",
        "started",
    ]
    assert [str(key) for key in parse_sort(["-a", "b, c"])] == ["-a", "b", "c"]
    assert parse_sort(None) == parse_sort("") == []


@pytest.mark.parametrize(
    ("text", "column"), [("a, <", 3), ("a, b up", 5), ("a b c", 2), ("a, `b", 3), ("-", 1)]
)
def test_an_error_in_a_sort_key_points_at_its_column(text, column):
    with pytest.raises(QueryError) as error:
        parse_sort(text)
    assert error.value.column == column


PIECES = [
    "and",
    "or",
    "not",
    "in",
    "is",
    "missing",
    "config.lr",
    "`a b`",
    "(",
    ")",
    "[",
    "]",
    ",",
    "=",
    "!=",
    "<",
    "~",
    "!~",
    '"x"',
    "'",
    '"',
    "`",
    "1",
    "-7d",
    "3h",
    "1e9",
    "true",
    "started",
    "name",
    ".",
    "\\",
    "\n",
    "é",
]


@settings(deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=20).map(" ".join)))
def test_any_text_is_parsed_or_refused_with_a_column_inside_it(text):
    try:
        expression = parse(text)
    except QueryError as error:
        assert 0 <= error.column <= len(text) + 1
        assert str(error)
    else:
        assert parse(str(expression)) == expression
    try:
        keys = parse_sort(text)
    except QueryError as error:
        assert 0 <= error.column <= len(text) + 1
    else:
        assert parse_sort(", ".join(map(str, keys))) == keys or any(key.at for key in keys)


names = st.sampled_from(
    ["config.lr", "val/acc.max", "tag.best", "`odd name`", "config.`x y`", "name", "params.lr"]
)
plain_values = st.one_of(
    st.floats(allow_nan=False).map(Number),
    st.text(string.printable, max_size=8).map(Text),
    st.booleans().map(Number),
)
tests = st.one_of(
    st.builds(Compare, names, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), plain_values),
    st.builds(In, names, st.lists(plain_values, max_size=3).map(tuple), st.booleans()),
    st.builds(Missing, names, st.booleans()),
    st.builds(Matches, names, st.sampled_from(["a", "^x.*", r"\d+"]).map(Pattern), st.booleans()),
    st.builds(Truthy, names),
    st.builds(Compare, st.just("started"), st.just(">"), st.floats(0, 1e9).map(Ago)),
)


def _inside(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.one_of(some.map(And), some.map(Or), parts.map(Not))


@settings(deadline=None)
@given(st.recursive(tests, _inside, max_leaves=12))
def test_an_expression_printed_and_parsed_again_is_the_same(root):
    assert parse(str(Expression(root))).root == root
