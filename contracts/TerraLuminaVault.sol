// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ITerraLuminaOwnership} from "./ITerraLuminaOwnership.sol";
import {ITerraLuminaVault} from "./ITerraLuminaVault.sol";

/// @title Custody of payout money. Nobody can pause it, and nobody but holders gets money out of it.
contract TerraLuminaVault is ITerraLuminaVault, AccessControl, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @notice Pays distributions in. Restricted because each one opens an epoch, which costs every holder's next move.
    bytes32 public constant DISTRIBUTOR_ROLE = keccak256("DISTRIBUTOR_ROLE");

    /// @dev Most gas that one payment of many may use, and what must be left before it: see {NotEnoughGas}.
    uint256 private constant PAYMENT_GAS = 500_000;
    uint256 private constant GAS_BEFORE_PAYMENT = 520_000;

    struct Distribution {
        uint24 projectId;
        uint24 epoch;
    }

    ITerraLuminaOwnership private immutable _ledger;

    /// @inheritdoc ITerraLuminaVault
    mapping(bytes32 distributionId => Distribution) public distributionOf;

    constructor(address admin, ITerraLuminaOwnership ledger_) {
        _ledger = ledger_;
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    /// @inheritdoc ITerraLuminaVault
    function distributeReturns(
        bytes32 distributionId,
        uint24 projectId,
        uint256 amount,
        bytes32 reportHash,
        string calldata reportUri
    ) external onlyRole(DISTRIBUTOR_ROLE) nonReentrant returns (uint24 epoch) {
        if (amount == 0) revert ZeroAmount();
        if (distributionOf[distributionId].epoch != 0) revert DistributionAlreadyMade(distributionId);
        address token = _ledger.payoutTokenOf(projectId);
        epoch = _ledger.openEpoch(projectId, amount);
        distributionOf[distributionId] = Distribution(projectId, epoch);
        _take(IERC20(token), amount);
        emit ReturnsDistributed(projectId, epoch, token, amount, reportHash, reportUri, distributionId);
    }

    /// @inheritdoc ITerraLuminaVault
    function claim(uint24[] calldata projectIds) external nonReentrant returns (uint256 paid) {
        for (uint256 i = 0; i < projectIds.length; ++i) paid += _pay(projectIds[i], msg.sender);
        if (paid == 0) revert NothingToClaim(projectIds.length == 0 ? 0 : projectIds[0], msg.sender);
    }

    /// @inheritdoc ITerraLuminaVault
    function claimFor(uint24 projectId, address holder) external nonReentrant returns (uint256 paid) {
        paid = _pay(projectId, holder);
        if (paid == 0) revert NothingToClaim(projectId, holder);
    }

    /// @inheritdoc ITerraLuminaVault
    function claimMany(uint24 projectId, address[] calldata holders) external nonReentrant returns (uint256 paid) {
        for (uint256 i = 0; i < holders.length; ++i) {
            if (gasleft() < GAS_BEFORE_PAYMENT) revert NotEnoughGas();
            try this.payOne{gas: PAYMENT_GAS}(projectId, holders[i]) returns (uint256 amount) {
                paid += amount;
            } catch {
                emit ClaimSkipped(projectId, holders[i]);
            }
        }
    }

    /// @notice The vault's call to itself, so that a payment that fails undoes its own claim only.
    function payOne(uint24 projectId, address holder) external returns (uint256) {
        if (msg.sender != address(this)) revert OnlySelf();
        return _pay(projectId, holder);
    }

    /// @inheritdoc ITerraLuminaVault
    function ledger() external view returns (address) {
        return address(_ledger);
    }

    function _pay(uint24 projectId, address holder) private returns (uint256 amount) {
        uint24 uptoEpoch;
        address token;
        (amount, uptoEpoch, token) = _ledger.settleClaim(projectId, holder);
        if (amount == 0) return 0;
        emit DistributionClaimed(projectId, holder, uptoEpoch, amount, holder);
        IERC20(token).safeTransfer(holder, amount);
    }

    /// @dev Refuses tokens that keep a part of what they move: the entitlements would exceed the money.
    function _take(IERC20 token, uint256 amount) private {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received != amount) revert UnexpectedTokenAmount(amount, received);
    }
}
