#include "deliveries/receiver.hpp"

namespace vitrine::deliveries {

std::string_view name_of(Answer::Outcome outcome) {
    switch (outcome) {
        case Answer::Outcome::taken:
            return "taken";
        case Answer::Outcome::again:
            return "again";
        case Answer::Outcome::refused:
            return "refused";
        case Answer::Outcome::gone:
            return "gone";
        case Answer::Outcome::unknown:
            return "unknown";
    }
    return {};
}

}  // namespace vitrine::deliveries
