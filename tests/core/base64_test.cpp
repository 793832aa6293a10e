#include "core/base64.hpp"

#include "tests/support/catch.hpp"

using namespace vitrine;

TEST_CASE("base64 is that of RFC 4648, both ways") {
    const std::pair<std::string, std::string> vectors[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {std::string("\0\xff\xfe", 3), "AP/+"},
    };
    for (const auto& [bytes, text] : vectors) {
        CHECK(encode_base64(bytes) == text);
        CHECK(decode_base64(text) == bytes);
    }
}

TEST_CASE("what is not written so is no base64") {
    for (const auto* text :
         {"Zg", "Zg=", "Zg==Zg==", "Zh==", "Zm9=", "Zm 9v", "Zm9v\n", " Zm9v", "-_-_", "====", "="
         }) {
        CAPTURE(text);
        CHECK_FALSE(decode_base64(text));
    }
}
