#include "projections/offers/state.hpp"

#include <algorithm>
#include <stdexcept>

namespace vitrine::projections {
namespace {

constexpr Timestamp never{};

/// The members of a product's line, without those that belong to the event around it.
OfferLine read_line(json::object object) {
    OfferLine line;
    line.json = "{";
    for (auto field : object) {
        const std::string_view name = field.unescaped_key();
        json::value value = field.value();
        if (name == "offer_id") continue;
        if (name == "clubify_product_id") {
            line.clubify_product_id = text_of(value);
            append_text(line.json, name, line.clubify_product_id);
        } else {
            append_raw(line.json, name, raw_of(value));
        }
    }
    line.json += '}';
    if (line.clubify_product_id.empty()) {
        throw std::runtime_error("a product has no clubify_product_id");
    }
    return line;
}

void read_products(OfferState& state, json::value value) {
    state.products.clear();
    for (auto element : value.get_array()) {
        state.products.push_back(read_line(element.get_object()));
    }
}

void read_configuration(OfferState& state, json::value value) {
    for (auto field : value.get_object()) {
        const std::string_view name = field.unescaped_key();
        const auto raw = raw_of(field.value());
        if (name == "settings") {
            state.settings = raw;
        } else if (name == "theme") {
            state.theme = raw;
        } else if (name == "layout") {
            state.layout = raw;
        } else if (name == "seo") {
            state.seo = raw;
        } else if (name == "tracking") {
            state.tracking = raw;
        }
    }
}

/// Members that OfferCreated, OfferEdited and a rendered body share. False: not one of them.
bool read_member(OfferState& state, std::string_view name, json::value value) {
    if (name == "name") {
        state.name = text_of(value);
    } else if (name == "description") {
        state.description = raw_of(value);
    } else if (name == "configuration") {
        read_configuration(state, value);
    } else if (name == "metadata") {
        state.metadata = raw_of(value);
    } else {
        return false;
    }
    return true;
}

bool read_created_member(OfferState& state, std::string_view name, json::value value) {
    if (read_member(state, name, value)) return true;
    if (name == "slug") {
        state.slug = text_of(value);
    } else if (name == "type") {
        state.type = text_of(value);
    } else if (name == "currency") {
        state.currency = text_of(value);
    } else if (name == "clubify_offer_id") {
        state.clubify_offer_id = text_of(value);
    } else if (name == "products") {
        read_products(state, value);
    } else {
        return false;
    }
    return true;
}

std::vector<OfferLine>::iterator find_line(OfferState& state, std::string_view clubify_product_id) {
    const auto line =
        std::ranges::find(state.products, clubify_product_id, &OfferLine::clubify_product_id);
    if (line == state.products.end()) {
        throw std::runtime_error("the offer has no such product");
    }
    return line;
}

void append_time(std::string& out, std::string_view name, Timestamp time) {
    if (time != never) append_text(out, name, format_time(time));
}

Timestamp time_of(json::value value) {
    const auto time = parse_time(text_of(value));
    if (!time) throw std::runtime_error("a time in a row cannot be read");
    return *time;
}

void append_configuration(std::string& out, const OfferState& state) {
    std::string sections = "{";
    const auto append = [&](std::string_view name, const std::string& section) {
        if (!section.empty()) append_raw(sections, name, section);
    };
    append("settings", state.settings);
    append("theme", state.theme);
    append("layout", state.layout);
    append("seo", state.seo);
    append("tracking", state.tracking);
    sections += '}';
    if (sections.size() > 2) append_raw(out, "configuration", sections);
}

}  // namespace

std::size_t OfferState::bytes() const {
    auto bytes = sizeof(OfferState) + name.size() + slug.size() + clubify_offer_id.size() +
                 description.size() + settings.size() + theme.size() + layout.size() + seo.size() +
                 tracking.size() + metadata.size();
    for (const auto& line : products) bytes += sizeof(OfferLine) + line.json.size() + 48;
    return bytes;
}

bool OfferFold::apply(OfferState& state, const events::RecordedEvent& event) {
    if (event.version <= state.version) return false;
    try {
        fold(state, event);
    } catch (const std::exception& error) {
        throw_unreadable(event, error.what());
    }
    state.updated_at = event.recorded_at;
    state.version = event.version;
    state.position = event.position;
    return true;
}

void OfferFold::fold(OfferState& state, const events::RecordedEvent& event) {
    const std::string_view type = event.type;
    auto object = payload_.open(event);
    if (type == "OfferCreated" || type == "OfferAdopted") {
        state.offer_id = events::id_of(event.stream);
        state.status = "draft";
        state.created_at = event.recorded_at;
        for (auto field : object) {
            const std::string_view name = field.unescaped_key();
            json::value value = field.value();
            if (!read_created_member(state, name, value) && name == "status")
                state.status = text_of(value);
        }
        if (state.name.empty() || state.slug.empty()) {
            throw std::runtime_error("name or slug is missing");
        }
        return;
    }
    if (state.version == 0) throw std::runtime_error("the offer was never created");
    if (type == "OfferEdited") {
        for (auto field : object) {
            const std::string_view name = field.unescaped_key();
            read_member(state, name, field.value());
        }
    } else if (type == "ProductInOfferChanged") {
        auto line = read_line(object);
        *find_line(state, line.clubify_product_id) = std::move(line);
    } else if (type == "ProductAddedToOffer") {
        state.products.push_back(read_line(object));
    } else if (type == "ProductRemovedFromOffer") {
        state.products.erase(find_line(state, object["clubify_product_id"].get_string()));
    } else if (type == "OfferActivated") {
        state.status = "active";
        state.activated_at = event.recorded_at;
    } else if (type == "OfferPaused") {
        state.status = "paused";
    } else if (type == "OfferArchived") {
        state.status = "archived";
        state.archived_at = event.recorded_at;
    }
}

OfferState OfferFold::parse(std::string_view body) {
    OfferState state;
    for (auto field : payload_.open(body)) {
        const std::string_view name = field.unescaped_key();
        json::value value = field.value();
        if (read_created_member(state, name, value)) continue;
        if (name == "offer_id") {
            state.offer_id = text_of(value);
        } else if (name == "status") {
            state.status = text_of(value);
        } else if (name == "version") {
            state.version = value.get_uint64();
        } else if (name == "position") {
            state.position = value.get_uint64();
        } else if (name == "created_at") {
            state.created_at = time_of(value);
        } else if (name == "updated_at") {
            state.updated_at = time_of(value);
        } else if (name == "activated_at") {
            state.activated_at = time_of(value);
        } else if (name == "archived_at") {
            state.archived_at = time_of(value);
        }
    }
    return state;
}

std::string render(const OfferState& state) {
    std::string out;
    out.reserve(state.bytes() + 256);
    out += '{';
    append_text(out, "offer_id", state.offer_id);
    append_text(out, "name", state.name);
    append_text(out, "slug", state.slug);
    append_text(out, "type", state.type);
    append_text(out, "status", state.status);
    if (!state.description.empty()) append_raw(out, "description", state.description);
    append_text(out, "currency", state.currency);
    append_name(out, "products");
    out += '[';
    for (const auto& line : state.products) {
        if (out.back() != '[') out += ',';
        out += line.json;
    }
    out += ']';
    append_configuration(out, state);
    if (!state.metadata.empty()) append_raw(out, "metadata", state.metadata);
    append_text(out, "clubify_offer_id", state.clubify_offer_id);
    append_number(out, "version", static_cast<std::int64_t>(state.version));
    append_time(out, "created_at", state.created_at);
    append_time(out, "updated_at", state.updated_at);
    append_time(out, "activated_at", state.activated_at);
    append_time(out, "archived_at", state.archived_at);
    append_number(out, "position", static_cast<std::int64_t>(state.position));
    out += '}';
    return out;
}

}  // namespace vitrine::projections
