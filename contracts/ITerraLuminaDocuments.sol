// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The documents of every project: each version stays, in its order, for ever.
/// @notice A kind is a short ASCII name, left-aligned as in ERC-1643: bytes32("prospectus"). Versions count from 1 in
/// each kind of each project.
interface ITerraLuminaDocuments {
    /// @param hash SHA-256 of the file
    /// @param addedAt Unix second
    /// @param uri Where the file is, e.g. ipfs://<cid>
    struct Document {
        bytes32 hash;
        uint40 addedAt;
        string uri;
    }

    /// @notice The newest version of its kind from now on.
    event DocumentSet(
        uint256 indexed projectId, bytes32 indexed kind, uint256 indexed version, bytes32 hash, string uri
    );

    /// @notice The ledger has no such project.
    error UnknownProject(uint256 projectId);
    /// @notice Kind, hash or URI is empty.
    error EmptyDocument(uint256 projectId, bytes32 kind, bytes32 hash, string uri);
    /// @notice The newest version has this hash and URI already, so that a repeated call changes nothing.
    error DocumentUnchanged(uint256 projectId, bytes32 kind, uint256 version);

    /// @notice Adds the next version of a kind. By the access manager's roles. There is no way to change or remove one.
    function addDocument(uint256 projectId, bytes32 kind, bytes32 hash, string calldata uri)
        external
        returns (uint256 version);

    /// @notice All zero when there is no such version.
    function documentOf(uint256 projectId, bytes32 kind, uint256 version) external view returns (Document memory);
    /// @notice The newest version; 0 and all zero when there is none.
    function latestDocument(uint256 projectId, bytes32 kind)
        external
        view
        returns (uint256 version, Document memory document);
    /// @notice How many versions there are, which is also the newest.
    function versionsOf(uint256 projectId, bytes32 kind) external view returns (uint256);
    /// @notice Kinds of which the project has a document, in the order of their first.
    function kindsOf(uint256 projectId) external view returns (bytes32[] memory);
    /// @notice The ledger that knows the projects; fixed.
    function ledger() external view returns (address);
}
