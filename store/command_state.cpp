#include "store/journal.hpp"

namespace vitrine::store {

std::string_view state_name(CommandState state) {
    switch (state) {
        case CommandState::accepted:
            return "accepted";
        case CommandState::done:
            return "done";
        case CommandState::retryable:
            return "retryable";
    }
    return {};
}

std::optional<CommandState> state_named(std::string_view name) {
    for (const auto state : {CommandState::accepted, CommandState::done, CommandState::retryable}) {
        if (state_name(state) == name) return state;
    }
    return std::nullopt;
}

}  // namespace vitrine::store
