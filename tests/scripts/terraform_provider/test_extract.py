"""On a binding made here in the generator's form, small enough to read."""

import pytest

from scripts.terraform_provider.extract import extract, used_in
from scripts.terraform_provider.schema import Attribute, Block, NestedBlock

CODE = """
function thingPartToHclTerraform(struct) {
    const attrs = {
        size: {
            value: cdktf.numberToHclTerraform(struct.size),
            isBlock: false,
            type: "simple",
            storageClassType: "number",
        },
    };
    return attrs;
}
class ThingPartOutputReference extends cdktf.ComplexObject {
    // uri - computed: true, optional: false, required: false
    get uri() {
        return this.getStringAttribute('uri');
    }
}
class ThingAddressOutputReference extends cdktf.ComplexObject {
    // ip - computed: true, optional: false, required: false
    get ip() {
        return this.getStringAttribute('ip');
    }
}
class Thing extends cdktf.TerraformResource {
    constructor(scope, id, config) {
        super(scope, id, {
            terraformResourceType: 'google_thing',
            terraformGeneratorMetadata: {
                providerName: 'google',
                providerVersion: '6.50.0',
            },
        });
        // labels - computed: true, optional: false, required: false
        this._labels = new cdktf.StringMap(this, "labels");
        // addresses - computed: true, optional: false, required: false
        this._addresses = new ThingAddressList(this, "addresses", false);
    }
    // created - computed: true, optional: false, required: false
    get created() {
        return this.getStringAttribute('created');
    }
    synthesizeHclAttributes() {
        const attrs = {
            display_name: {
                value: cdktf.stringToHclTerraform(this._displayName),
                isBlock: false,
                type: "simple",
                storageClassType: "string",
            },
            zones: {
                value: cdktf.listMapperHcl(cdktf.stringToHclTerraform)(this._zones),
                isBlock: false,
                type: "set",
                storageClassType: "stringList",
            },
            part: {
                value: thingPartToHclTerraform(this._part.internalValue),
                isBlock: true,
                type: "list",
                storageClassType: "ThingPartList",
            },
        };
        return attrs;
    }
}
"""
TYPES = """
export interface ThingConfig extends cdktf.TerraformMetaArguments {
    /**
    * What people see. Possible values: ["RED", "BLUE"]
    */
    readonly displayName: string;
    readonly zones?: string[];
    readonly part?: ThingPart;
}
export interface ThingPart {
    readonly size: number;
}
"""
PROVIDER = """
class GoogleProvider extends cdktf.TerraformProvider {
    synthesizeHclAttributes() {
        const attrs = {
            project: {
                value: cdktf.stringToHclTerraform(this._project),
                isBlock: false,
                type: "simple",
                storageClassType: "string",
            },
        };
        return attrs;
    }
}
"""


@pytest.fixture
def library(tmp_path):
    for name, code, types in (("thing", CODE, TYPES), ("provider", PROVIDER, "")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.js").write_text(code)
        (tmp_path / name / "index.d.ts").write_text(types)
    return tmp_path


@pytest.fixture
def extracted(library):
    return extract(library, {("resource", "google_thing")})


def test_arguments_have_type_and_need_and_values(extracted):
    attributes = extracted.resources["google_thing"].attributes

    assert attributes["display_name"] == Attribute(
        "string", "required", ("RED", "BLUE")
    )
    assert attributes["zones"] == Attribute(["set", "string"], "optional")


def test_what_the_provider_computes_is_known_with_its_type(extracted):
    attributes = extracted.resources["google_thing"].attributes

    assert attributes["created"] == Attribute("string", "computed")
    assert attributes["labels"] == Attribute(["map", "string"], "computed")
    assert attributes["addresses"] == Attribute(
        ["list", ["object", {"ip": "string"}]], "computed"
    )


def test_a_block_has_its_limits_and_what_is_computed_in_it(extracted):
    assert extracted.resources["google_thing"].blocks["part"] == NestedBlock(
        nesting="list",
        min_items=0,
        max_items=1,
        block=Block(
            {
                "size": Attribute("number", "required"),
                "uri": Attribute("string", "computed"),
            }
        ),
    )


def test_provider_and_version_are_told(extracted):
    assert extracted.version == "6.50.0"
    assert extracted.provider == Block({"project": Attribute("string", "optional")})


def test_what_is_used_but_not_in_the_package_is_an_error(library):
    with pytest.raises(LookupError, match="google_other"):
        extract(library, {("resource", "google_other")})


def test_what_terraform_files_use_is_found(tmp_path):
    (tmp_path / "main.tf").write_text(
        'resource "google_thing" "a" {\n}\n'
        'data "google_other" "b" {\n}\n'
        '# resource "google_commented" "c"\n'
        'resource "random_id" "d" {\n}\n'
    )

    assert used_in(tmp_path) == {("resource", "google_thing"), ("data", "google_other")}
