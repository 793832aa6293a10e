#include <algorithm>
#include <map>

#include "core/text.hpp"
#include "projections/customers/tag_word.hpp"
#include "projections/every_projection.hpp"
#include "projections/per_stream.hpp"

namespace vitrine::projections {
namespace {

using Text = std::optional<std::string>;

/// A text that names a person: what is null, sealed or erased is none.
Text person_text(json::value value) {
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
    return std::string(text);
}

void append_if(std::string& out, std::string_view name, const Text& text) {
    if (text) append_text(out, name, *text);
}

struct CustomerRow : StreamRow {
    static constexpr std::string_view category = "customer", table = "customers";
    static constexpr std::string_view looked_up[] = {
        "email", "phone", "document", "clubify_customer_id", "reference", "merged_into"
    };

    struct Consent {
        bool granted = false;
        std::string text_version, at;
    };

    std::map<std::string, std::string, std::less<>> people;  // what names them, by member
    std::string address;                                     // JSON; empty: none
    std::map<std::string, std::string, std::less<>> facts;   // of the rest, its texts
    std::vector<std::string> tags;
    std::map<std::pair<std::string, std::string>, Consent> consents;

    bool read(std::string_view name, json::value value) {
        if (is_one_of(name, {"email", "name", "phone", "document", "reference"})) {
            put(people, name, person_text(value));
        } else if (name == "metadata") {
            put(people, name, metadata_of(value));
        } else if (name == "address") {
            address = address_of(value);
        } else if (is_one_of(
                       name,
                       {"document_type",
                        "locale",
                        "source",
                        "clubify_customer_id",
                        "merged_into",
                        "into",
                        "tag",
                        "purpose",
                        "text_version",
                        "channel"}
                   )) {
            put(facts, name == "into" ? "merged_into" : name, person_text(value));
        } else if (name == "tags") {
            tags.clear();
            for (auto each : array_of(value)) tags.emplace_back(text_of(each.value()));
        } else if (name == "consents") {
            for (auto each : array_of(value)) read_consent(each.value());
        } else {
            return false;
        }
        return true;
    }

    void note(const RecordedEvent& event) {
        if (event.type == "CustomerRegistered") status = "active";
        if (event.type == "CustomerTagged") add_tag(fact("tag"));
        if (event.type == "CustomerUntagged") std::erase(tags, fact("tag"));
        if (event.type == "ConsentGiven" || event.type == "ConsentWithdrawn") {
            consents[{fact("purpose"), fact("channel")}] = {
                event.type == "ConsentGiven", fact("text_version"), format_time(event.recorded_at)
            };
        }
        if (event.type == "CustomersMerged") status = "merged";
        if (event.type == "CustomerErased") {
            status = "erased";
            people.clear();
            facts.clear();
            address.clear();
            tags.clear();
            consents.clear();
        }
        for (const auto* told : {"tag", "purpose", "text_version", "channel"}) facts.erase(told);
    }

    void write(std::string& out) const {
        for (const auto* name : {"email", "name", "phone", "document"})
            append_if(out, name, found(people, name));
        append_if(out, "document_type", found(facts, "document_type"));
        if (!address.empty()) append_raw(out, "address", address);
        if (status != "erased") {
            append_raw(out, "tags", tags_json());
            append_raw(out, "consents", consents_json());
        }
        append_if(out, "locale", found(facts, "locale"));
        if (const auto metadata = found(people, "metadata")) append_raw(out, "metadata", *metadata);
        for (const auto* name : {"clubify_customer_id", "source", "merged_into"})
            append_if(out, name, found(facts, name));
        append_if(out, "reference", found(people, "reference"));
    }

    std::string words() const {
        if (status == "erased") return {};
        std::string words = fold(found(people, "name").value_or(""));
        for (const auto* name : {"email", "phone", "document"})
            words += ' ' + fold(found(people, name).value_or(""));
        for (const auto& tag : tags) words += tag_word(tag);
        return words;
    }

    std::optional<std::string_view> value(std::string_view column) const {
        const auto& values =
            is_one_of(column, {"clubify_customer_id", "merged_into"}) ? facts : people;
        const auto it = values.find(column);
        return it == values.end() ? std::nullopt : std::optional<std::string_view>(it->second);
    }

    std::size_t bytes() const {
        constexpr std::size_t of_an_entry = 96;
        std::size_t sum = sizeof(CustomerRow) + address.size();
        for (const auto* texts : {&people, &facts})
            for (const auto& [name, text] : *texts) sum += of_an_entry + text.size();
        return sum + tags.size() * of_an_entry + consents.size() * 2 * of_an_entry;
    }

private:
    static bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
        return std::ranges::find(names, name) != names.end();
    }

    template <class Texts>
    static void put(Texts& texts, std::string_view name, Text text) {
        if (text) {
            texts.insert_or_assign(std::string(name), *std::move(text));
        } else if (const auto it = texts.find(name); it != texts.end()) {
            texts.erase(it);
        }
    }

    template <class Texts>
    static Text found(const Texts& texts, std::string_view name) {
        const auto it = texts.find(name);
        return it == texts.end() ? Text() : Text(it->second);
    }

    std::string fact(std::string_view name) const { return found(facts, name).value_or(""); }

    /// JSON as a text in an event, and as itself in a row that is read again.
    static Text metadata_of(json::value value) {
        if (value.type() == json::json_type::string) return person_text(value);
        const auto raw = raw_unless_null(value);
        const bool is_gone = raw == R"({"erased":true})" || raw.starts_with(R"({"sealed":)");
        return raw.empty() || is_gone ? Text() : Text(raw);
    }

    /// Its open texts.
    static std::string address_of(json::value value) {
        if (value.type() != json::json_type::object) return {};
        std::string out = "{";
        for (auto field : value.get_object()) {
            const std::string name(std::string_view(field.unescaped_key()));
            if (const auto text = person_text(field.value())) append_text(out, name, *text);
        }
        return out.size() == 1 ? std::string() : out + '}';
    }

    void add_tag(std::string tag) {
        const auto place = std::ranges::lower_bound(tags, tag);
        if (place == tags.end() || *place != tag) tags.insert(place, std::move(tag));
    }

    void read_consent(json::value value) {
        std::string purpose, channel;
        Consent consent;
        for (auto field : value.get_object()) {
            const std::string_view name = field.unescaped_key();
            if (name == "granted") {
                consent.granted = value_of<bool>(field.value());
            } else {
                auto& text = name == "purpose"   ? purpose
                             : name == "channel" ? channel
                             : name == "at"      ? consent.at
                                                 : consent.text_version;
                text = text_of(field.value());
            }
        }
        consents[{std::move(purpose), std::move(channel)}] = std::move(consent);
    }

    std::string tags_json() const {
        std::string out = "[";
        for (const auto& tag : tags) {
            if (out.size() > 1) out += ',';
            append_quoted(out, tag);
        }
        return out + ']';
    }

    std::string consents_json() const {
        std::string out = "[";
        for (const auto& [key, consent] : consents) {
            std::string each = "{";
            append_text(each, "purpose", key.first);
            append_raw(each, "granted", consent.granted ? "true" : "false");
            append_text(each, "text_version", consent.text_version);
            append_text(each, "channel", key.second);
            append_text(each, "at", consent.at);
            (out += out.size() > 1 ? "," : "") += each + '}';
        }
        return out + ']';
    }
};

}  // namespace

Projection customers_projection() {
    return per_stream<CustomerRow>(1);
}

}  // namespace vitrine::projections
