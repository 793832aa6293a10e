#include "gateways/clubify/design.hpp"

#include "gateways/clubify/decode.hpp"
#include "gateways/clubify/json.hpp"
#include "gateways/clubify/paths.hpp"

namespace vitrine::clubify {
namespace {

std::optional<JsonText> read_object(const JsonText& answer) {
    const Json json = read_document(answer);
    if (!json.is_object()) return std::nullopt;
    return text_form(json);
}

Call put(const ClubifyId& offer, const char* part, const JsonText& value) {
    JsonWriter writer;
    writer.json(part, value.text);
    return make_call(
        "PUT", path_of("offers", offer, std::string("/config/") + part), writer.done()
    );
}

}  // namespace

Question<JsonText> get_layout(const ClubifyId& offer) {
    return {get_call(path_of("offers", offer, "/config/layout")), read_object};
}

Question<JsonText> get_theme(const ClubifyId& offer) {
    return {get_call(path_of("offers", offer, "/config/theme")), read_object};
}

Question<RemoteOffer> put_layout(const ClubifyId& offer, const JsonText& layout) {
    return {put(offer, "layout", layout), read_offer};
}

Question<RemoteOffer> put_theme(const ClubifyId& offer, const JsonText& theme) {
    return {put(offer, "theme", theme), read_offer};
}

}  // namespace vitrine::clubify
