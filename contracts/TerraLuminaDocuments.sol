// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {requireDeployed} from "./access/Deployed.sol";
import {ITerraLuminaDocuments} from "./ITerraLuminaDocuments.sol";
import {ITerraLuminaOwnership} from "./ITerraLuminaOwnership.sol";

/// @title Append-only register of documents.
contract TerraLuminaDocuments is ITerraLuminaDocuments, AccessManaged {
    ITerraLuminaOwnership private immutable _ledger;
    mapping(uint256 projectId => mapping(bytes32 kind => Document[])) private _documents;
    mapping(uint256 projectId => bytes32[]) private _kinds;

    /// @param authority Access manager that says who may add documents
    /// @param ledger_ Knows the projects; fixed
    constructor(address authority, ITerraLuminaOwnership ledger_) AccessManaged(authority) {
        requireDeployed(authority);
        requireDeployed(address(ledger_));
        _ledger = ledger_;
    }

    /// @inheritdoc ITerraLuminaDocuments
    function addDocument(uint256 projectId, bytes32 kind, bytes32 hash, string calldata uri)
        external
        restricted
        returns (uint256 version)
    {
        if (kind == 0 || hash == 0 || bytes(uri).length == 0) revert EmptyDocument(projectId, kind, hash, uri);
        if (!_ledger.exists(projectId)) revert UnknownProject(projectId);
        Document[] storage versions = _documents[projectId][kind];
        version = versions.length;
        if (version == 0) _kinds[projectId].push(kind);
        else if (_isSame(versions[version - 1], hash, uri)) revert DocumentUnchanged(projectId, kind, version);
        versions.push(Document({hash: hash, addedAt: uint40(block.timestamp), uri: uri}));
        emit DocumentSet(projectId, kind, ++version, hash, uri);
    }

    /// @inheritdoc ITerraLuminaDocuments
    function documentOf(uint256 projectId, bytes32 kind, uint256 version)
        public
        view
        returns (Document memory document)
    {
        Document[] storage versions = _documents[projectId][kind];
        if (version != 0 && version <= versions.length) document = versions[version - 1];
    }

    /// @inheritdoc ITerraLuminaDocuments
    function latestDocument(uint256 projectId, bytes32 kind)
        external
        view
        returns (uint256 version, Document memory document)
    {
        version = versionsOf(projectId, kind);
        document = documentOf(projectId, kind, version);
    }

    /// @inheritdoc ITerraLuminaDocuments
    function versionsOf(uint256 projectId, bytes32 kind) public view returns (uint256) {
        return _documents[projectId][kind].length;
    }

    /// @inheritdoc ITerraLuminaDocuments
    function kindsOf(uint256 projectId) external view returns (bytes32[] memory) {
        return _kinds[projectId];
    }

    /// @inheritdoc ITerraLuminaDocuments
    function ledger() external view returns (address) {
        return address(_ledger);
    }

    function _isSame(Document storage document, bytes32 hash, string calldata uri) private view returns (bool) {
        return document.hash == hash && keccak256(bytes(document.uri)) == keccak256(bytes(uri));
    }
}
