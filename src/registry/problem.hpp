#pragma once

#include <string_view>

#include "message.hpp"

namespace referee::registry {

/// The error codes of distribution-spec "Error Codes".
namespace code {
inline constexpr std::string_view kBlobUnknown = "BLOB_UNKNOWN";
inline constexpr std::string_view kBlobUploadInvalid = "BLOB_UPLOAD_INVALID";
inline constexpr std::string_view kBlobUploadUnknown = "BLOB_UPLOAD_UNKNOWN";
inline constexpr std::string_view kDigestInvalid = "DIGEST_INVALID";
inline constexpr std::string_view kManifestBlobUnknown = "MANIFEST_BLOB_UNKNOWN";
inline constexpr std::string_view kManifestInvalid = "MANIFEST_INVALID";
inline constexpr std::string_view kManifestUnknown = "MANIFEST_UNKNOWN";
inline constexpr std::string_view kNameInvalid = "NAME_INVALID";
inline constexpr std::string_view kNameUnknown = "NAME_UNKNOWN";
inline constexpr std::string_view kSizeInvalid = "SIZE_INVALID";
inline constexpr std::string_view kUnauthorized = "UNAUTHORIZED";
inline constexpr std::string_view kDenied = "DENIED";
inline constexpr std::string_view kUnsupported = "UNSUPPORTED";
inline constexpr std::string_view kTooManyRequests = "TOOMANYREQUESTS";
}  // namespace code

/// An error answer: status and a JSON body of one error. `message` may hold what the client sent; it is escaped.
Response problem(int status, std::string_view error_code, std::string_view message);
/// 507, the answer to StoreError.
Response storage_full();

/// Appends `text` as a JSON string with its quotes. Bytes that are not ASCII become `?`: the text may not be valid
/// UTF-8.
void append_json_string(std::string& out, std::string_view text);

}  // namespace referee::registry
