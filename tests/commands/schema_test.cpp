#include "commands/engine/schema.hpp"

#include <algorithm>

#include "commands/areas.hpp"
#include "commands/json.hpp"
#include "core/shortest_numbers.hpp"
#include "core/text.hpp"
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
        Row{"CreateOffer", R"({"name":"\udb40\udc61\udb40\udc61"})", {{"/name", "pattern"}}},
        Row{"CreateOffer", R"({"name":"\ud834\udd73\udb40\udd00"})", {{"/name", "pattern"}}},
        Row{"EditOffer", R"({"name":"\ufffe\ufdd0\udbff\udfff"})", {{"/name", "pattern"}}},
        Row{"EditProduct", R"({"name":"\ufffe \udb40\udc61"})", {{"/name", "pattern"}}},
        Row{"EditProduct", R"({"sku":"A\ufffeB"})", {{"/sku", "pattern"}}},
        Row{"EditProduct", R"({"sku":"A\udb40\udc61"})", {{"/sku", "pattern"}}},
        Row{"EditProduct", R"({"sku":"A\ud83d\ude00"})", {}},
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
        Row{"1E400", "", "number_out_of_range"},
        Row{"-1e400", "", "number_out_of_range"},
        Row{std::string(400, '9'), "", "number_out_of_range"},
        Row{std::string(400, '9') + ".5e-400", "", "number_too_precise"},
        Row{"0e400", "0.0", ""},
        Row{"1e400.5", "", "not_json"},
        Row{"01e400", "", "not_json"},
        Row{"1e", "", "not_json"},
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

TEST_CASE("the patterns of schemas and is_unseen mean the same characters", "[schema]") {
    const Schema name(
        R"({"type":"string","pattern":)" +
        Json::parse(find_definition("CreateOffer")->schema)
            .at("properties")
            .at("name")
            .at("pattern")
            .dump() +
        "}"
    );
    const auto utf8 = [](char32_t c) {
        std::string text;
        const auto byte = [&text](unsigned value) { text += static_cast<char>(value); };
        if (c < 0x80) {
            byte(c);
            return text;
        }
        if (c < 0x800) {
            byte(0xC0 | (c >> 6));
        } else if (c < 0x10000) {
            byte(0xE0 | (c >> 12));
            byte(0x80 | ((c >> 6) & 63));
        } else {
            byte(0xF0 | (c >> 18));
            byte(0x80 | ((c >> 12) & 63));
            byte(0x80 | ((c >> 6) & 63));
        }
        byte(0x80 | (c & 63));
        return text;
    };
    const auto check = [&](char32_t from, char32_t upto) {
        for (char32_t c = from; c < upto; ++c) {
            if (c >= 0xD800 && c < 0xE000) continue;  // no characters
            const bool accepted = name.validate(Json(utf8(c))).empty();
            if (accepted == is_unseen(c)) FAIL("U+" << std::hex << static_cast<unsigned>(c));
        }
    };
    check(0, 0x20000);
    check(0xDFF00, 0xE1100);
    for (char32_t plane = 2; plane <= 16; ++plane)
        check(plane * 0x10000 + 0xFFF0, (plane + 1) * 0x10000);
}

TEST_CASE("of many numbers each that is out of range is told where it stands", "[json]") {
    const auto body = read_body(
        R"({"1e400":["\"1e400",1,-2,1e400,{"b":3.5,"c":-2e999}],"d":-0,"e":7E+308,"f":"1e400\\"})"
    );
    REQUIRE(body);
    std::vector<std::string> told;
    for (const auto& fault : body->inexact_numbers) {
        CHECK(fault.code == "number_out_of_range");
        told.push_back(fault.pointer);
    }
    CHECK(told == std::vector<std::string>{"/1e400/3", "/1e400/4/c", "/e"});
    CHECK(body->json["1e400"][2] == -2);
    CHECK(body->json["1e400"][4]["b"] == 3.5);
    CHECK(body->json["f"] == "1e400\\");
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
        Row{R"({"a":1e999,})", "not_json"},
        Row{R"({"a":1e999]})", "not_json"}
    );
    INFO(row.body);
    const auto parsed = parse_body(row.body);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == row.code);
}

TEST_CASE("what is no JSON is told by its place and what should stand there, in words", "[json]") {
    struct Row {
        std::string body, english, portuguese;
    };
    const auto row = GENERATE(
        Row{"{",
            "1, column 2: it ends where a name in double quotes or } should follow",
            "1, coluna 2: termina onde deveria vir um nome entre aspas duplas ou }"},
        Row{"{\n  \"preço\" 1}",
            "2, column 11: expected a colon and a value",
            "2, coluna 11: esperava-se dois-pontos e um valor"},
        Row{R"({"a":})",
            "1, column 6: expected a colon and a value",
            "1, coluna 6: esperava-se dois-pontos e um valor"},
        Row{R"({"a":1,})",
            "1, column 8: expected a comma and a name in double quotes, or }",
            "1, coluna 8: esperava-se uma vírgula e um nome entre aspas duplas, ou }"},
        Row{R"({"a":[)",
            "1, column 7: it ends where a value or ] should follow",
            "1, coluna 7: termina onde deveria vir um valor ou ]"},
        Row{R"({"a":[1 2]})",
            "1, column 9: expected a comma and a value, or ]",
            "1, coluna 9: esperava-se uma vírgula e um valor, ou ]"},
        Row{"{} x",
            "1, column 4: expected the end of the body",
            "1, coluna 4: esperava-se o fim do corpo"},
        Row{"nonsense", "1, column 2: expected an object", "1, coluna 2: esperava-se um objeto"},
        Row{R"({"a":"b)",
            "1, column 8: a text is not closed",
            "1, coluna 8: um texto não foi fechado"},
        Row{"{\"a\":\"b\n\"}",
            "1, column 8: a text has an escape or a control character that JSON does not take",
            "1, coluna 8: um texto tem um escape ou caractere de controle que JSON não aceita"},
        Row{R"({"a":1e999,})",
            "1, column 12: expected a comma and a name in double quotes, or }",
            "1, coluna 12: esperava-se uma vírgula e um nome entre aspas duplas, ou }"}
    );
    INFO(row.body);
    const auto parsed = parse_body(row.body);
    REQUIRE_FALSE(parsed);
    CHECK(
        parsed.error().detail == Phrase(
                                     "is not well-formed JSON at line " + row.english,
                                     "não é JSON bem formado na linha " + row.portuguese
                                 )
    );
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
