#include "projections/offers/state.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "core/text.hpp"

namespace vitrine::projections {
namespace {

constexpr Timestamp never{};

/// The members of a product's line, without those that belong to the event around it. What lies
/// between those is taken over in one piece.
OfferLine read_line(json::object object) {
    OfferLine line;
    std::string_view piece;
    const auto append_piece = [&] {
        if (piece.empty()) return;
        line.json.reserve(line.json.size() + piece.size() + 2);  // with what opens and closes it
        line.json += line.json.empty() ? '{' : ',';
        line.json += piece;
        piece = {};
    };
    for (auto field : object) {
        const char* const begin = field.key().value().raw() - 1;  // the quote
        const std::string_view name = field.unescaped_key();
        json::value value = field.value();
        if (name == "offer_id") {
            append_piece();
            continue;
        }
        const auto raw = raw_of(value);
        if (name == "clubify_product_id") line.clubify_product_id = text_of(value);
        const char* const from = piece.empty() ? begin : piece.data();
        piece = {from, raw.data() + raw.size()};
    }
    append_piece();
    line.json += '}';
    if (line.clubify_product_id.empty()) {
        throw std::runtime_error("a product has no clubify_product_id");
    }
    return line;
}

void read_products(OfferState& state, json::value value) {
    state.products.clear();
    for (json::value element : array_of(value)) {
        state.products.push_back(read_line(object_of(element)));
    }
}

/// False: it was that already.
bool put(std::string& member, std::string_view value) {
    if (member == value) return false;
    member = value;
    return true;
}

bool put_configuration(OfferState& state, json::value value) {
    bool changed = false;
    for (auto field : object_of(value)) {
        const std::string_view name = field.unescaped_key();
        const auto raw = raw_unless_null(field.value());
        if (name == "settings") {
            changed |= put(state.settings, raw);
        } else if (name == "theme") {
            changed |= put(state.theme, raw);
        } else if (name == "layout") {
            changed |= put(state.layout, raw);
        } else if (name == "seo") {
            changed |= put(state.seo, raw);
        } else if (name == "tracking") {
            changed |= put(state.tracking, raw);
        }
    }
    return changed;
}

OfferMembers changed_if(bool changed, OfferMembers members) {
    return changed ? members : OfferMembers::none;
}

/// Members that OfferCreated, OfferEdited and a rendered body share; which of them have another
/// value now. nullopt: not one of them.
std::optional<OfferMembers> put_member(
    OfferState& state, std::string_view member, json::value value
) {
    if (member == "name") return changed_if(put(state.name, text_of(value)), OfferMembers::name);
    if (member == "description") {
        return changed_if(
            put(state.description, raw_unless_null(value)), OfferMembers::description
        );
    }
    if (member == "configuration") {
        return changed_if(put_configuration(state, value), OfferMembers::configuration);
    }
    if (member == "metadata") {
        return changed_if(put(state.metadata, raw_unless_null(value)), OfferMembers::metadata);
    }
    return std::nullopt;
}

/// False: not a member of OfferCreated.
bool put_created_member(OfferState& state, std::string_view member, json::value value) {
    if (put_member(state, member, value)) return true;
    if (member == "slug") {
        state.slug = text_of(value);
    } else if (member == "type") {
        state.type = text_of(value);
    } else if (member == "currency") {
        state.currency = text_of(value);
    } else if (member == "clubify_offer_id") {
        state.clubify_offer_id = text_of(value);
    } else if (member == "products") {
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

void append_products(std::string& out, const OfferState& state) {
    append_name(out, "products");
    out += '[';
    for (const auto& line : state.products) {
        if (out.back() != '[') out += ',';
        out += line.json;
    }
    out += ']';
}

/// What the offer does not have is left out, or, where a change is told, null.
void append_optional(
    std::string& out, std::string_view name, std::string_view raw, bool tells_change
) {
    if (!raw.empty() || tells_change) append_raw(out, name, raw.empty() ? "null" : raw);
}

void append_configuration(std::string& out, const OfferState& state, bool tells_change) {
    std::string sections = "{";
    const auto append = [&](std::string_view name, const std::string& section) {
        append_optional(sections, name, section, tells_change);
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

bool OfferFold::apply(
    OfferState& state, const events::RecordedEvent& event, OfferMembers& changed
) {
    if (event.version <= state.version) return false;
    read_event(event, [&] { changed = fold(state, event); });
    state.updated_at = event.recorded_at;
    state.version = event.version;
    state.position = event.position;
    return true;
}

OfferMembers OfferFold::fold(OfferState& state, const events::RecordedEvent& event) {
    const std::string_view type = event.type;
    auto object = payload_.open(event);
    if (type == "OfferCreated" || type == "OfferAdopted") {
        state.offer_id = events::id_of(event.stream);
        state.status = "draft";
        state.created_at = event.recorded_at;
        for (auto field : object) {
            const std::string_view name = field.unescaped_key();
            json::value value = field.value();
            if (!put_created_member(state, name, value) && name == "status")
                state.status = text_of(value);
        }
        if (state.name.empty() || state.slug.empty()) {
            throw std::runtime_error("name or slug is missing");
        }
        return OfferMembers::all;
    }
    if (state.version == 0) throw std::runtime_error("the offer was never created");
    if (type == "OfferEdited") {
        auto changed = OfferMembers::none;
        for (auto field : object) {
            const std::string_view member = field.unescaped_key();
            changed =
                changed | put_member(state, member, field.value()).value_or(OfferMembers::none);
        }
        return changed;
    }
    if (type == "ProductInOfferChanged") {
        auto line = read_line(object);
        auto& present = *find_line(state, line.clubify_product_id);
        if (present.json == line.json) return OfferMembers::none;
        present = std::move(line);
        return OfferMembers::products;
    }
    if (type == "ProductAddedToOffer") {
        state.products.push_back(read_line(object));
        return OfferMembers::products;
    }
    if (type == "ProductRemovedFromOffer") {
        state.products.erase(find_line(state, text_of(object["clubify_product_id"].value())));
        return OfferMembers::products;
    }
    if (type == "OfferActivated") {
        state.status = "active";
        state.activated_at = event.recorded_at;
    } else if (type == "OfferPaused") {
        state.status = "paused";
    } else if (type == "OfferArchived") {
        state.status = "archived";
        state.archived_at = event.recorded_at;
    } else {
        return OfferMembers::none;
    }
    return OfferMembers::status;
}

void OfferFold::read(OfferState& state, std::string_view rendered) {
    for (auto field : payload_.open(rendered)) {
        const std::string_view name = field.unescaped_key();
        json::value value = field.value();
        if (put_created_member(state, name, value)) continue;
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
}

std::string render(const OfferState& state) {
    std::string out;
    out.reserve(state.bytes() + 256);
    append_rendered(out, state, OfferMembers::all);
    return out;
}

void append_rendered(std::string& out, const OfferState& state, OfferMembers members) {
    const auto wants = [members](OfferMembers one) { return has(members, one); };
    const bool tells_change = members != OfferMembers::all;
    out += '{';
    if (wants(OfferMembers::identity)) append_text(out, "offer_id", state.offer_id);
    if (wants(OfferMembers::name)) append_text(out, "name", state.name);
    if (wants(OfferMembers::identity)) {
        append_text(out, "slug", state.slug);
        append_text(out, "type", state.type);
    }
    if (wants(OfferMembers::status)) append_text(out, "status", state.status);
    if (wants(OfferMembers::description))
        append_optional(out, "description", state.description, tells_change);
    if (wants(OfferMembers::identity)) append_text(out, "currency", state.currency);
    if (wants(OfferMembers::products)) append_products(out, state);
    if (wants(OfferMembers::configuration)) append_configuration(out, state, tells_change);
    if (wants(OfferMembers::metadata))
        append_optional(out, "metadata", state.metadata, tells_change);
    if (wants(OfferMembers::identity)) append_text(out, "clubify_offer_id", state.clubify_offer_id);
    if (wants(OfferMembers::identity)) {
        append_number(out, "version", static_cast<std::int64_t>(state.version));
        append_time(out, "created_at", state.created_at);
        append_time(out, "updated_at", state.updated_at);
    }
    if (wants(OfferMembers::status)) {
        append_time(out, "activated_at", state.activated_at);
        append_time(out, "archived_at", state.archived_at);
    }
    if (wants(OfferMembers::identity)) {
        append_number(out, "position", static_cast<std::int64_t>(state.position));
    }
    out += '}';
}

std::string search_text(const OfferState& state) {
    return vitrine::fold(state.name) + ' ' + state.slug;
}

}  // namespace vitrine::projections
