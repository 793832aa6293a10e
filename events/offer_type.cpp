#include "events/offer_type.hpp"

namespace vitrine::events {

std::string canonical_offer_type(std::string_view type) {
    if (type == "single_product") return "single";
    if (type == "complex_funnel") return "funnel";
    return std::string(type);
}

}  // namespace vitrine::events
