import json

from scripts.terraform_provider.extract import used_in
from scripts.terraform_provider.offline import ROOT
from scripts.terraform_provider.schema import (
    GOOGLE_SCHEMA,
    Attribute,
    Block,
    NestedBlock,
    ProviderSchema,
    load,
    save,
)


def test_what_is_saved_is_loaded_again(tmp_path):
    schema = ProviderSchema(
        version="1.2.3",
        provider=Block({"project": Attribute("string", "optional")}),
        resources={
            "google_thing": Block(
                attributes={"kind": Attribute("string", "required", ("A", "B"))},
                blocks={
                    "part": NestedBlock(
                        "list", 0, 1, Block({"size": Attribute("number", "computed")})
                    )
                },
            )
        },
        data_sources={},
    )

    save(schema, "made here", tmp_path / "schema.json")

    assert load(tmp_path / "schema.json") == schema


def test_the_schema_has_what_terraform_uses_and_nothing_else():
    schema = load()

    known = {("resource", name) for name in schema.resources} | {
        ("data", name) for name in schema.data_sources
    }

    assert known == used_in(ROOT)


def test_the_schema_is_of_the_version_that_is_required():
    versions = (ROOT / "versions.tf").read_text()

    assert f'version = "{load().version}"' in versions


def test_the_source_of_the_facts_is_named():
    stored = json.loads(GOOGLE_SCHEMA.read_text())

    assert "@cdktf/provider-google 16.12.1 (MPL-2.0)" in stored["source"]
