#include "api/http/samples.hpp"

namespace vitrine::api {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

const Json* event_sample(std::string_view type) {
    constexpr char text[] = {
#embed "event_samples.json"
    };
    static const auto samples = Json::parse(text, text + sizeof text);
    const auto found = samples.find(type);
    return found == samples.end() ? nullptr : &*found;
}

const Json& webhook_samples() {
    constexpr char text[] = {
#embed "webhook_samples.json"
    };
    static const auto samples = Json::parse(text, text + sizeof text);
    return samples;
}

}  // namespace vitrine::api
