#include "projections/every_projection.hpp"
#include "projections/per_stream.hpp"

namespace vitrine::projections {
namespace {

struct PriceSettingRow : StreamRow {
    static constexpr std::string_view category = "pricing", table = "price_settings";

    std::string terms;  // members of its JSON, as they were told

    bool read(std::string_view member, json::value value) {
        if (member == "max" || member == "rounding")
            terms = "{";  // the first of what it is told by
        constexpr std::string_view known[] = {
            "max", "interest_free", "monthly_rate_ppm", "min_installment_cents", "rounding"
        };
        if (std::ranges::find(known, member) == std::end(known)) return false;
        append_raw(terms, member, raw_of(value));
        return true;
    }

    void note(const RecordedEvent&) { status = "set"; }

    void write(std::string& out) const {
        if (terms.size() > 1) (out += ',').append(terms, 1);
    }

    std::string words() const { return {}; }
    std::size_t bytes() const { return sizeof(PriceSettingRow) + terms.size(); }
};

}  // namespace

Projection price_settings_projection() {
    return per_stream<PriceSettingRow>(1);
}

}  // namespace vitrine::projections
