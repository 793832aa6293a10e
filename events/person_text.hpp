#pragma once

#include <string>
#include <string_view>
#include <utility>

// What names a person (name, e-mail, phone, document, address, IP, free text) is a member of this
// type. Whoever decides and folds has it open; the log has it sealed under that person's key; when
// the key is gone it is erased, which is a value as any other. docs/people.md says who does what.
namespace vitrine::events {

/// What a text is kept for: each purpose of a person has a key of its own, so that one may be kept
/// while the others go.
enum class Purpose {
    contract,   // what an order, an invoice or the law needs
    marketing,  // what only consent allows
    command,    // how a command came and was answered: goes with the person, whatever is kept
};

/// As it is stored: "contract", "marketing", "command".
std::string_view purpose_name(Purpose purpose);

/// A text that names a person.
class PersonText {
public:
    enum class Form {
        open,    // the text itself: in memory, and in logs of before 2026-11-30
        sealed,  // what only the person's key opens
        erased,  // there was one, and its key is gone
    };

    PersonText() = default;
    PersonText(std::string text) : text_(std::move(text)) {}
    PersonText(const char* text) : text_(text) {}
    static PersonText sealed(std::string text) { return {Form::sealed, std::move(text)}; }
    static PersonText erased() { return {Form::erased, {}}; }

    Form form() const { return form_; }
    bool is_open() const { return form_ == Form::open; }
    bool is_erased() const { return form_ == Form::erased; }

    /// The open text; empty if it is not open.
    const std::string& text() const { return is_open() ? text_ : empty(); }
    /// Of a sealed one: empty where it is only told that there is one.
    const std::string& seal() const { return form_ == Form::sealed ? text_ : empty(); }

    bool operator==(const PersonText&) const = default;

private:
    PersonText(Form form, std::string text) : form_(form), text_(std::move(text)) {}
    static const std::string& empty() {
        static const std::string none;
        return none;
    }

    Form form_ = Form::open;
    std::string text_;
};

/// What a member of this type is kept for: `template <> inline constexpr Purpose
/// purpose_of<&CustomerRegistered::locale> = Purpose::marketing`.
template <auto Member>
inline constexpr Purpose purpose_of = Purpose::contract;

/// People are found by a member of this type, as it is written there: `template <> inline constexpr
/// std::string_view looked_up_as<&CustomerRegistered::email> = "email"`.
template <auto Member>
inline constexpr std::string_view looked_up_as{};

/// A member that tells of a person but outlives them, as why they were erased: it is kept under
/// the tenant's month, as what is of nobody who is known.
template <auto Member>
inline constexpr bool kept_by_month = false;

}  // namespace vitrine::events
