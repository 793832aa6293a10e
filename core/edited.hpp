#pragma once

#include <concepts>
#include <optional>
#include <utility>

namespace vitrine {

/// A member of an edit: it is not given and stays, or it gets a value, or (null) it goes.
template <class T>
class Edited {
public:
    Edited() = default;
    template <std::convertible_to<T> Value>
    Edited(Value&& value) : given_(true), value_(std::forward<Value>(value)) {}

    static Edited cleared() {
        Edited edited;
        edited.given_ = true;
        return edited;
    }
    /// Nothing: it is not given.
    static Edited if_given(std::optional<T> value) {
        return value ? Edited(*std::move(value)) : Edited();
    }

    bool given() const { return given_; }
    /// What it is from now on, if it is given.
    const std::optional<T>& value() const { return value_; }

    /// What it is after the edit.
    std::optional<T> after(std::optional<T> before) const {
        return given_ ? value_ : std::move(before);
    }

    bool operator==(const Edited&) const = default;

private:
    bool given_ = false;
    std::optional<T> value_;
};

}  // namespace vitrine
