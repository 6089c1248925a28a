// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ITerraLuminaOwnership} from "./ITerraLuminaOwnership.sol";
import {ITerraLuminaVault} from "./ITerraLuminaVault.sol";
import {Callers} from "./access/Callers.sol";
import {Claims} from "./vault/Claims.sol";
import {Clawbacks} from "./vault/Clawbacks.sol";
import {OffchainDistributions} from "./vault/OffchainDistributions.sol";
import {VaultBase} from "./vault/VaultBase.sol";

/// @title Custody of payout tokens. Here: how money comes in. Its other parts stand in vault/.
contract TerraLuminaVault is Claims, Clawbacks, OffchainDistributions {
    using SafeERC20 for IERC20;

    /// @dev What a distribution opened, by its id.
    struct Distribution {
        uint24 projectId;
        uint24 epoch;
    }

    /// @inheritdoc ITerraLuminaVault
    mapping(bytes32 distributionId => Distribution) public distributionOf;
    /// @inheritdoc ITerraLuminaVault
    mapping(address token => bool) public isTokenAllowed;

    /// @param authority Access manager that says who may allow tokens and claw back
    /// @param forwarder ERC-2771 forwarder that holders' claims may come through; fixed
    /// @param ledger_ Must give this contract the role Vault
    /// @param minClawbackSeconds_ See {ITerraLuminaVault-minClawbackSeconds}; three years in production
    constructor(address authority, address forwarder, ITerraLuminaOwnership ledger_, uint40 minClawbackSeconds_)
        Callers(authority, forwarder)
        VaultBase(ledger_)
        Clawbacks(minClawbackSeconds_)
    {}

    /// @inheritdoc ITerraLuminaVault
    function distributeReturns(
        bytes32 distributionId,
        uint24 projectId,
        uint256 amount,
        bytes32 reportHash,
        string calldata reportUri
    ) external nonReentrant returns (uint24 epoch) {
        return _distribute(distributionId, projectId, amount, reportHash, reportUri);
    }

    /// @inheritdoc ITerraLuminaVault
    /// @dev The ledger compares the payout of the epoch just opened with the price; no foreign code runs in between.
    function buyOut(
        bytes32 distributionId,
        uint24 projectId,
        uint256 amount,
        bytes32 reportHash,
        string calldata reportUri
    ) external nonReentrant returns (uint24 epoch) {
        epoch = _distribute(distributionId, projectId, amount, reportHash, reportUri);
        _ledger.beginExitByBuyOut(projectId);
    }

    /// @inheritdoc ITerraLuminaVault
    function setTokenAllowed(address token, bool allowed) external authorised {
        if (allowed && token.code.length == 0) revert InvalidToken(token);
        isTokenAllowed[token] = allowed;
        emit TokenAllowedSet(token, allowed);
    }

    /// @dev The money comes first: whatever a token's hook looks at, the vault has what the ledger says is due.
    function _distribute(
        bytes32 distributionId,
        uint24 projectId,
        uint256 amount,
        bytes32 reportHash,
        string calldata reportUri
    ) private returns (uint24 epoch) {
        if (amount == 0) revert ZeroAmount();
        if (distributionOf[distributionId].epoch != 0) revert DistributionAlreadyMade(distributionId);
        address token = _ledger.payoutTokenOf(projectId);
        if (!isTokenAllowed[token]) revert TokenNotAllowed(projectId, token);
        _take(IERC20(token), amount);
        epoch = _ledger.openEpoch(projectId, amount, msg.sender);
        distributionOf[distributionId] = Distribution(projectId, epoch);
        emit ReturnsDistributed(projectId, epoch, token, amount, reportHash, reportUri, distributionId);
    }

    /// @dev Refuses tokens that keep a part of what they move: the entitlements would exceed the money.
    function _take(IERC20 token, uint256 amount) private {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received != amount) revert UnexpectedTokenAmount(amount, received);
    }
}
