#include <algorithm>
#include <utility>
#include <vector>

#include "projections/every_projection.hpp"
#include "projections/per_stream.hpp"

namespace vitrine::projections {
namespace {

std::string name_in(const std::string& bump) {
    thread_local Payload payload;
    for (auto field : payload.open(std::string_view(bump))) {
        const std::string_view member = field.unescaped_key();
        if (member == "bump") return std::string(text_of(field.value()));
    }
    return {};
}

/// What is drafted, whole, and the revisions without what they publish: the log has that.
struct RulebookRow : StreamRow {
    static constexpr std::string_view category = "rulebook", table = "rulebooks";

    struct Part {
        std::string name, json;
    };

    bool read(std::string_view member, json::value value) {
        if (member == "offer_id") {  // the first member of what it is told by, and of its own
            offer_id = text_of(value);
            told = {};
        } else if (member == "drafted") {
            told.json = raw_of(value);
            told.name = name_in(told.json);
        } else if (member == "bump") {
            told.name = text_of(value);
        } else if (member == "revision") {
            told.revision = number_of(value);
        } else if (member == "effective_at" || member == "grandfathering" ||
                   member == "max_bumps") {
            if (told.json.empty()) told.json = "{";
            append_raw(told.json, member, raw_of(value));
        } else if (member == "bumps") {
            read_bumps(array_of(value));
        } else if (member == "revisions") {
            for (json::value each : array_of(value)) revisions.emplace_back(raw_of(each));
        } else if (member == "changed") {
            changed = value_of<bool>(value);
        } else {
            return false;
        }
        return true;
    }

    void note(const RecordedEvent& event) {
        status = "drafted";
        changed = event.type != "RevisionPublished";
        if (event.type == "BumpDrafted") {
            const auto place = std::ranges::lower_bound(bumps, told.name, {}, &Part::name);
            if (place != bumps.end() && place->name == told.name) {
                place->json = told.json;
            } else {
                bumps.insert(place, {told.name, told.json});
            }
        }
        if (event.type == "BumpWithdrawn")
            std::erase_if(bumps, [this](const Part& each) { return each.name == told.name; });
        if (event.type == "RevisionPublished") {
            std::string revision = "{";
            append_number(revision, "revision", told.revision);
            append_number(revision, "version", static_cast<std::int64_t>(event.version));
            append_text(revision, "published_at", format_time(event.recorded_at));
            (revision += ',').append(told.json, 1);
            append_raw(revision, "bumps", told.names + ']');
            revisions.push_back(revision + '}');
        }
        if (!revisions.empty()) status = "published";
    }

    void write(std::string& out) const {
        append_text(out, "offer_id", offer_id);
        append_raw(out, "changed", changed ? "true" : "false");
        std::string drafted = "[", published = "[";
        for (const auto& each : bumps) {
            if (drafted.size() > 1) drafted += ',';
            drafted += each.json;
        }
        for (const auto& each : revisions) {
            if (published.size() > 1) published += ',';
            published += each;
        }
        append_raw(out, "bumps", drafted + ']');
        append_raw(out, "revisions", published + ']');
    }

    std::string words() const { return offer_id; }

    std::size_t bytes() const {
        std::size_t sum = sizeof(RulebookRow);
        for (const auto& each : bumps) sum += each.name.size() + each.json.size() + sizeof(Part);
        for (const auto& each : revisions) sum += each.size() + sizeof(each);
        return sum;
    }

private:
    /// Of a revision their names; of a row of its own what is drafted.
    void read_bumps(json::array all) {
        told.names = "[";
        bumps.clear();
        for (json::value each : all) {
            Part part;
            part.json = raw_of(each);
            part.name = name_in(part.json);
            if (told.names.size() > 1) told.names += ',';
            append_quoted(told.names, part.name);
            bumps.push_back(std::move(part));
        }
    }

    std::string offer_id;
    bool changed = false;  // since the last revision
    std::vector<Part> bumps;
    std::vector<std::string> revisions;
    struct {
        std::string name, json, names;
        std::int64_t revision = 0;
    } told;  // by the event that is being read
};

}  // namespace

Projection rulebooks_projection() {
    return per_stream<RulebookRow>(1);
}

}  // namespace vitrine::projections
