#include "commands/schema.hpp"

#include <algorithm>

#include "commands/definitions.hpp"
#include "commands/json.hpp"
#include "core/shortest_numbers.hpp"
#include "tests/support/catch.hpp"

using namespace vitrine;
using namespace vitrine::commands;

namespace {

using Expected = std::vector<std::pair<std::string, std::string>>;  // pointer, code

Expected faults_of(std::string_view command, const std::string& body) {
    const Schema schema(find_definition(command)->schema);
    Expected found;
    for (const auto& fault : schema.validate(Json::parse(body))) {
        found.emplace_back(fault.pointer, fault.code);
        CHECK_FALSE(fault.detail.empty());
    }
    std::ranges::sort(found);
    return found;
}

}  // namespace

TEST_CASE("each command's schema names every fault by a pointer", "[schema]") {
    struct Row {
        std::string command, body;
        Expected faults;
    };
    const std::string long_name(256, 'x');
    const auto row = GENERATE_COPY(
        Row{"CreateOffer", R"({"name":"ok"})", {}},
        Row{"CreateOffer", "{}", {{"/name", "required"}}},
        Row{"CreateOffer", R"({"name":"x"})", {{"/name", "min_length"}}},
        Row{"CreateOffer", R"({"name":"   "})", {{"/name", "pattern"}}},
        Row{"EditProduct", R"({"name":"\t\n"})", {{"/name", "pattern"}}},
        Row{"CreateOffer", R"({"name":")" + long_name + R"("})", {{"/name", "max_length"}}},
        Row{"CreateOffer",
            R"({"name":7,"type":"x","slug":"-A"})",
            {{"/name", "type"}, {"/slug", "pattern"}, {"/type", "enum"}}},
        Row{"CreateOffer",
            R"({"name":"ok","a":1,"b/c":2})",
            {{"/a", "unknown_member"}, {"/b~1c", "unknown_member"}}},
        Row{"CreateOffer",
            R"({"name":"ok","products":[{"quantity":0},{"price_cents":1.5,"discount":{"type":"half"}}]})",
            {{"/products/0/product_id", "required"},
             {"/products/0/quantity", "minimum"},
             {"/products/1/discount/type", "enum"},
             {"/products/1/discount/value", "required"},
             {"/products/1/price_cents", "type"},
             {"/products/1/product_id", "required"}}},
        Row{"CreateOffer", R"({"name":"ok","activate":true})", {{"/products", "required"}}},
        Row{"CreateOffer",
            R"({"name":"ok","activate":true,"products":[]})",
            {{"/products", "min_items"}}},
        Row{"CreateOffer",
            R"({"name":"ok","products":[{},{"clubify_product_id":"a"},7]})",
            {{"/products/0/product_id", "required"}, {"/products/2", "type"}}},
        Row{"CreateOffer",
            R"({"name":"ok","metadata":{"vitrine":1}})",
            {{"/metadata/vitrine", "reserved"}}},
        Row{"AddProductToOffer", "{}", {{"/product_id", "required"}}},
        Row{"AddProductToOffer",
            R"({"product_id":"x","discount":{"type":"percentage","value":100.5}})",
            {{"/discount/value", "maximum"}}},
        Row{"AddProductToOffer",
            R"({"product_id":"x","discount":{"type":"fixed","value":100.5}})",
            {{"/discount/value", "type"}}},
        Row{"AddProductToOffer",
            R"({"product_id":"x","discount":{"type":"fixed","value":1e2},"quantity":2.0})",
            {}},
        Row{"CreateProduct", R"({"name":"ok"})", {{"/price_cents", "required"}}},
        Row{"CreateProduct",
            R"({"name":"ok","price_cents":1000000000001})",
            {{"/price_cents", "maximum"}}},
        Row{"CreateProduct", R"({"name":"ok","price_cents":-1})", {{"/price_cents", "minimum"}}},
        Row{"CreateProduct", R"({"name":"ok","price_cents":10.0})", {}},
        Row{"CreateProduct", R"({"name":"ok","price_cents":1e2})", {}},
        Row{"CreateProduct", R"({"name":"ok","price_cents":10.5})", {{"/price_cents", "type"}}},
        Row{"CreateProduct",
            R"({"name":"ok","price_cents":99999999999999999999})",
            {{"/price_cents", "maximum"}}},
        Row{"CreateProduct",
            R"({"name":"ok","price_cents":18446744073709551615})",
            {{"/price_cents", "maximum"}}},
        Row{"CreateProduct",
            R"({"name":"ok","price_cents":-99999999999999999999})",
            {{"/price_cents", "minimum"}}},
        Row{"CreateProduct", R"({"name":"ok","price_cents":"10"})", {{"/price_cents", "type"}}},
        Row{"CreateProduct",
            R"({"name":"ok","price_cents":10,"currency":"XYZ"})",
            {{"/currency", "enum"}}},
        Row{"EditOffer", "{}", {{"", "min_properties"}}},
        Row{"EditOffer", R"({"slug":"x"})", {{"/slug", "unknown_member"}}},
        Row{"PauseOffer", R"({"reason":1})", {{"/reason", "type"}}},
        Row{"ChangeProductInOffer", R"({"price_cents":null,"rules":null})", {}},
        Row{"AddProductToOffer",
            R"({"product_id":"x","price_cents":null})",
            {{"/price_cents", "type"}}}
    );
    INFO(row.command << ' ' << row.body);
    CHECK(faults_of(row.command, row.body) == row.faults);
}

TEST_CASE("a fault says what is wanted instead", "[schema]") {
    struct Row {
        std::string_view command;
        std::string body, detail;
    };
    const auto row = GENERATE(
        Row{"CreateOffer", R"({"name":7})", "must be a string"},
        Row{"CreateOffer", R"({"name":"x"})", "must have at least 2 characters"},
        Row{"CreateProduct",
            R"({"name":"ok","price_cents":1,"sku":""})",
            "must have at least 1 character"},
        Row{"CreateProduct", R"({"name":"ok","price_cents":-1})", "must be at least 0"},
        Row{"CreateProduct",
            R"({"name":"ok","price_cents":1,"currency":"brl"})",
            "must be BRL, USD, EUR or GBP"},
        Row{"CreateOffer", R"({"name":"ok","activate":"yes"})", "must be true or false"},
        Row{"CreateOffer", R"({"name":"ok","products":{}})", "must be an array"},
        Row{"CreateOffer", R"({"name":"ok","metadata":[]})", "must be an object"},
        Row{"ChangeProductInOffer", R"({"price_cents":"1"})", "must be an integer or null"},
        Row{"CreateOffer",
            R"({"name":"ok","descripton":"x"})",
            "is not a member of this command; do you mean \"description\"?"},
        Row{"CreateOffer",
            R"({"name":"ok","products":[{"product_id":"x","quantty":1}]})",
            "is not a member of this command; do you mean \"quantity\"?"},
        Row{"CreateOffer", R"({"name":"ok","colour":"red"})", "is not a member of this command"}
    );
    INFO(row.body);
    const auto faults =
        Schema(find_definition(row.command)->schema).validate(Json::parse(row.body));
    REQUIRE(faults.size() == 1);
    CHECK(faults.front().detail.english() == row.detail);
}

TEST_CASE("a name is measured in characters, not bytes", "[schema]") {
    std::string name;
    for (int i = 0; i < 255; ++i) name += "ã";
    CHECK(faults_of("CreateOffer", R"({"name":")" + name + R"("})").empty());
    CHECK(
        faults_of("CreateOffer", R"({"name":")" + name + R"(ã"})") ==
        Expected{{"/name", "max_length"}}
    );
}

TEST_CASE("a name and a SKU are more than what cannot be seen", "[schema]") {
    const auto invisible = GENERATE(
        "  ",
        "\\u00a0\\u00a0",
        "\\u3000\\u3000",
        "\\u200b\\u200d",
        "\\ufeff\\u00ad",
        "\\u2800\\u3164",
        "\\t\\n",
        "\\u0085\\u2028"
    );
    const std::string text(invisible);
    CHECK(
        faults_of("CreateOffer", R"({"name":")" + text + R"("})") == Expected{{"/name", "pattern"}}
    );
    CHECK(faults_of("CreateOffer", R"({"name":")" + text + R"(é"})").empty());
    const auto with_sku = [](const std::string& sku) {
        return faults_of(
            "CreateProduct", R"({"name":"ok","price_cents":1,"sku":")" + sku + R"("})"
        );
    };
    CHECK(with_sku(text) == Expected{{"/sku", "pattern"}});
    CHECK(with_sku("A" + text) == Expected{{"/sku", "pattern"}});
    CHECK(with_sku(text + "A") == Expected{{"/sku", "pattern"}});
    CHECK(with_sku("A 1é😀").empty());
    CHECK(with_sku("A\\n").size() == 1);
}

TEST_CASE("a schema says nothing that is not heeded", "[schema]") {
    CHECK_THROWS(Schema(R"({"type":"string","format":"uuid"})"));
    CHECK_THROWS(Schema(R"({"properties":{"a":{"multipleOf":2}}})"));
    CHECK_THROWS(Schema(R"({"type":"whole"})"));
}

TEST_CASE("a long text of the wrong length is refused without looking into it", "[schema]") {
    const Json body = {{"name", "ok"}, {"slug", std::string(1'000'000, 'a')}};
    const auto faults = Schema(find_definition("CreateOffer")->schema).validate(body);
    REQUIRE(faults.size() == 1);
    CHECK(faults.front().code == "max_length");
}

TEST_CASE("numbers of a body keep their value, and those that cannot are told", "[json]") {
    struct Row {
        std::string number, kept, code;  // code: of the fault; empty: there is none
    };
    const auto row = GENERATE(
        Row{"0", "0", ""},
        Row{"-0", "-0.0", ""},
        Row{"0.1", "0.1", ""},
        Row{"100.0", "100.0", ""},
        Row{"1e2", "100.0", ""},
        Row{"1.10", "1.1", ""},
        Row{"1E400", "", "not_json"},
        Row{"1e-400", "", "number_too_precise"},
        Row{"9007199254740993", "9007199254740993", ""},
        Row{"9007199254740993.0", "9007199254740993", ""},
        Row{"9007199254740993.5", "", "number_too_precise"},
        Row{"-9223372036854775808", "-9223372036854775808", ""},
        Row{"-9223372036854775809", "", "number_too_large"},
        Row{"18446744073709551615", "18446744073709551615", ""},
        Row{"18446744073709551616", "", "number_too_large"},
        Row{"1e23", "1e+23", ""},
        Row{"0.1000000000000000055", "", "number_too_precise"},
        Row{"3.141592653589793", "3.141592653589793", ""}
    );
    INFO(row.number);
    const auto body = read_body(R"({"a/b":[{},[0,)" + row.number + "]]}");
    if (row.code == "not_json") {
        CHECK_FALSE(body);
        return;
    }
    REQUIRE(body);
    if (row.code.empty()) {
        CHECK(body->inexact_numbers.empty());
        CHECK(with_shortest_numbers(body->json["a/b"][1][1].dump()) == row.kept);
    } else {
        REQUIRE(body->inexact_numbers.size() == 1);
        CHECK(body->inexact_numbers.front().code == row.code);
        CHECK(body->inexact_numbers.front().pointer == "/a~1b/1/1");
    }
}

TEST_CASE("every command has a schema that is one", "[schema]") {
    for (const auto& definition : definitions()) {
        INFO(definition.name);
        CHECK_NOTHROW(Schema(definition.schema));
        CHECK(Json::parse(definition.schema).at("title") == definition.name);
    }
}

TEST_CASE("a body that is no proper JSON object is refused with its reason", "[json]") {
    struct Row {
        std::string body, code;
    };
    const auto row = GENERATE(
        Row{"{", "not_json"},
        Row{R"({"name":"ok"} x)", "not_json"},
        Row{"[]", "not_an_object"},
        Row{"null", "not_an_object"},
        Row{R"({"a":1,"a":2})", "repeated_member"},
        Row{R"({"a":[{"b":1,"c":2,"b":3}]})", "repeated_member"},
        Row{R"({"a":"x\u0000y"})", "nul"},
        Row{R"({"a\u0000":1})", "nul"},
        Row{"{\"a\":\"\xff\"}", "not_json"},
        Row{"{\"a\":\"\xed\xa0\x80\"}", "not_json"},
        Row{R"({"a":"\ud800"})", "not_json"},
        Row{R"({"a":NaN})", "not_json"},
        Row{std::string("{\"a\":\"b\0c\"}", 11), "nul"},
        Row{std::string("{\"a\":1}\0", 8), "nul"},
        Row{R"({"a":1e999})", "not_json"}
    );
    INFO(row.body);
    const auto parsed = parse_body(row.body);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == row.code);
}

TEST_CASE("a body may be nested 64 deep and no deeper", "[json]") {
    const auto nested = [](std::size_t depth) {
        return "{\"a\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
    };
    CHECK(parse_body(nested(64)));
    const auto too_deep = parse_body(nested(65));
    REQUIRE_FALSE(too_deep);
    CHECK(too_deep.error().code == "too_deep");
    CHECK_FALSE(parse_body(std::string(500'000, '[')));
    CHECK(parse_body(
        R"({"a":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["})"
    ));
}

TEST_CASE("no body is an empty object, and members may repeat in different objects", "[json]") {
    CHECK(parse_body("")->empty());
    CHECK(parse_body(" \r\n")->empty());
    CHECK(parse_body(R"({"a":{"x":1},"b":{"x":1},"c":[{"x":1},{"x":2}]})"));
}
