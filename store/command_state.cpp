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

bool is_listed(CommandFilter::Which which, CommandState state, bool succeeded) {
    using Which = CommandFilter::Which;
    switch (which) {
        case Which::unfinished:
            return state != CommandState::done;
        case Which::running:
            return state == CommandState::accepted;
        case Which::retryable:
            return state == CommandState::retryable;
        case Which::succeeded:
            return state == CommandState::done && succeeded;
        case Which::failed:
            return state == CommandState::done && !succeeded;
    }
    return false;
}

}  // namespace vitrine::store
