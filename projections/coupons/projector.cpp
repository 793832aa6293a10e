#include "core/text.hpp"
#include "projections/every_projection.hpp"
#include "projections/per_stream.hpp"

namespace vitrine::projections {
namespace {

struct CouponRow : StreamRow {
    static constexpr std::string_view category = "coupon", table = "coupons";

    std::string code;
    std::string terms = "{";  // the other members of its JSON, as they were told
    std::int64_t used = 0, locked = 0;

    bool read(std::string_view name, json::value value) {
        if (name == "code") {
            code = text_of(value);
        } else if (name == "used") {
            used = number_of(value);
        } else if (name == "locked") {
            locked = number_of(value);
        } else if (is_term(name)) {
            append_raw(terms, name, raw_of(value));
        } else {
            return false;
        }
        return true;
    }

    void note(const RecordedEvent& event) {
        if (event.type == "CouponCreated") status = "active";
        if (event.type == "CouponDisabled") status = "disabled";
        if (event.type == "CouponLocked") ++locked;
        if (event.type == "CouponRedeemed") --locked, ++used;
        if (event.type == "CouponReleased") --locked;
        if (event.type == "CouponRestored") --used;
    }

    void write(std::string& out) const {
        append_text(out, "code", code);
        if (terms.size() > 1) (out += ',').append(terms, 1);
        append_number(out, "used", used);
        append_number(out, "locked", locked);
    }

    std::string words() const { return fold(code); }
    std::size_t bytes() const { return sizeof(CouponRow) + code.size() + terms.size(); }

private:
    static bool is_term(std::string_view name) {
        constexpr std::string_view terms[] = {
            "discount",
            "min_cart_cents",
            "max_uses",
            "max_uses_per_customer",
            "valid_from",
            "valid_to",
            "offers",
            "products",
            "exclusive_group"
        };
        return std::ranges::find(terms, name) != std::end(terms);
    }
};

}  // namespace

Projection coupons_projection() {
    return per_stream<CouponRow>(2);
}

}  // namespace vitrine::projections
