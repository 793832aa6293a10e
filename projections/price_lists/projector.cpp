#include "core/text.hpp"
#include "projections/every_projection.hpp"
#include "projections/per_stream.hpp"

namespace vitrine::projections {
namespace {

struct PriceListRow : StreamRow {
    static constexpr std::string_view category = "pricelist", table = "price_lists";

    std::string name;
    std::string terms;  // the other members of its JSON, as they were told

    bool read(std::string_view member, json::value value) {
        if (member == "name") {  // the first member of what it is told by, and of its own
            name = text_of(value);
            former = std::exchange(terms, "{");
        } else if (is_term(member)) {
            append_raw(terms, member, raw_of(value));
        } else {
            return false;
        }
        return true;
    }

    void note(const RecordedEvent& event) {
        if (event.type == "PriceListDeleted") terms = std::move(former);
        status = event.type == "PriceListDeleted" ? "deleted" : "active";
        type = status == "active" ? "pricelist" : "";  // what lists ask for
    }

    void write(std::string& out) const {
        append_text(out, "name", name);
        if (terms.size() > 1) (out += ',').append(terms, 1);
    }

    std::string words() const { return fold(name); }
    std::size_t bytes() const { return sizeof(PriceListRow) + name.size() + terms.size(); }

private:
    std::string former;

    static bool is_term(std::string_view member) {
        constexpr std::string_view terms[] = {
            "currency", "priority", "valid_from", "valid_to", "segment", "entries"
        };
        return std::ranges::find(terms, member) != std::end(terms);
    }
};

}  // namespace

Projection price_lists_projection() {
    return per_stream<PriceListRow>(1);
}

}  // namespace vitrine::projections
