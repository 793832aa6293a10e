#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/overloaded.hpp"
#include "events/catalogue.hpp"
#include "events/codec.hpp"
#include "events/failures.hpp"
#include "events/offers.hpp"
#include "events/products.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/project_folder.hpp"

namespace {

using namespace vitrine;
using Json = nlohmann::ordered_json;

const auto golden_folder = test::project_folder() / "tests/events/golden";

std::filesystem::path golden_file(std::string_view type, int schema) {
    return golden_folder / (std::string(type) + ".v" + std::to_string(schema) + ".json");
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

events::RecordedEvent recorded(std::string_view type, int schema, std::string data) {
    events::RecordedEvent event;
    event.position = 7;
    event.type = type;
    event.schema = schema;
    event.data = std::move(data);
    return event;
}

}  // namespace

TEST_CASE("every event type has a golden file for each of its schemas, and reads it", "[events]") {
    for (const auto& type : events::catalogue()) {
        for (int schema = 1; schema <= type.schema(); ++schema) {
            INFO(type.name << " v" << schema);
            const auto file = golden_file(type.name, schema);
            REQUIRE(std::filesystem::exists(file));
            const auto golden = Json::parse(read_file(file)).dump();
            const auto encoded =
                events::decode_and_encode(recorded(type.name, schema, golden)).value();
            CHECK(encoded.type == type.name);
            CHECK(encoded.schema == type.schema());
            if (schema == type.schema()) CHECK(encoded.data == golden);
        }
    }
}

TEST_CASE("every golden file belongs to a type of the catalogue", "[events]") {
    for (const auto& entry : std::filesystem::directory_iterator(golden_folder)) {
        const auto name = entry.path().filename().string();
        INFO(name);
        const auto* type = events::find_event_type(name.substr(0, name.find('.')));
        REQUIRE(type != nullptr);
        CHECK(golden_file(type->name, type->schema()).filename().string() >= name);
    }
}

TEST_CASE("an event names its type and position when its payload is damaged", "[events]") {
    const auto damaged = GENERATE(R"({"offer_id":1})", R"({"offer_id":"x")", R"([])", "");
    CHECK_THROWS_WITH(
        events::decode<events::OfferEvent>(recorded("OfferCreated", 1, damaged)),
        Catch::Contains("OfferCreated") && Catch::Contains("position 7")
    );
}

TEST_CASE("a payload of a schema newer than the program is refused", "[events]") {
    CHECK_THROWS_WITH(
        events::decode<events::OfferEvent>(recorded("OfferPaused", 2, R"({"offer_id":"x"})")),
        Catch::Contains("schema 2")
    );
}

TEST_CASE("an event of another aggregate is not decoded", "[events]") {
    CHECK_FALSE(
        events::decode<events::ProductEvent>(recorded("OfferPaused", 1, R"({"offer_id":"x"})"))
    );
    CHECK_FALSE(
        events::decode<events::CommandFailed>(recorded("OfferPaused", 1, R"({"offer_id":"x"})"))
    );
}
