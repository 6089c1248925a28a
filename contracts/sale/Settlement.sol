// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ITerraLuminaSale} from "../ITerraLuminaSale.sol";
import {ILedgerTypes} from "../ledger/ILedgerTypes.sol";
import {SaleBook} from "./SaleBook.sol";

/// @title After the outcome: units for the money, or the money back. No role has any part in it.
abstract contract Settlement is SaleBook {
    using SafeERC20 for IERC20;

    /// @inheritdoc ITerraLuminaSale
    uint40 public constant SETTLEMENT_GRACE = 90 days;

    /// @dev Most gas that one refund of many may use, and what must be left before it: see {NotEnoughGas}.
    uint256 private constant REFUND_GAS = 500_000;
    uint256 private constant GAS_BEFORE_REFUND = 520_000;
    /// @dev As many as the answer has bits.
    uint256 private constant MAX_LIST = 256;

    /// @inheritdoc ITerraLuminaSale
    /// @dev Money becomes proceeds only when its investment is minted. The lock-up counts from the day of the mint,
    /// when the units are issued (17 CFR 227.501(a)).
    function settle(uint24 projectId, bytes32[] calldata investmentIds)
        external
        nonReentrant
        returns (uint256 settledBitmap)
    {
        SaleRecord storage sale = _saleIn(projectId, SaleState.Succeeded);
        if (investmentIds.length > MAX_LIST) revert TooMany(investmentIds.length, MAX_LIST);
        uint256[] memory positions = new uint256[](investmentIds.length);
        uint256 count = 0;
        for (uint256 i = 0; i < investmentIds.length; ++i) {
            CommitmentRecord storage commitment = _commitmentOfProject(projectId, investmentIds[i]);
            if (commitment.state != CommitmentState.Open) continue;
            ILedgerTypes.Receipt memory receipt = ledger.receiptOf(investmentIds[i]);
            if (receipt.units == 0) {
                positions[count++] = i;
            } else if (_isMintOf(receipt, commitment, investmentIds[i])) {
                settledBitmap |= 1 << i;
                _settle(sale, commitment, investmentIds[i], receipt.investor);
            }
        }
        ILedgerTypes.Order[] memory orders = _orders(sale, investmentIds, positions, count);
        uint256 minted = ledger.mintSettled(projectId, orders);
        for (uint256 i = 0; i < count; ++i) {
            if ((minted >> i) & 1 == 0) continue;
            settledBitmap |= 1 << positions[i];
            bytes32 investmentId = orders[i].investmentId;
            _settle(sale, _commitments[investmentId], investmentId, orders[i].investor);
        }
    }

    /// @inheritdoc ITerraLuminaSale
    function refund(bytes32 investmentId) external nonReentrant returns (bool refunded) {
        return _refund(investmentId);
    }

    /// @inheritdoc ITerraLuminaSale
    function refundMany(bytes32[] calldata investmentIds) external nonReentrant returns (uint256 refunded) {
        for (uint256 i = 0; i < investmentIds.length; ++i) {
            if (gasleft() < GAS_BEFORE_REFUND) revert NotEnoughGas(GAS_BEFORE_REFUND);
            try this.refundOne{gas: REFUND_GAS}(investmentIds[i]) returns (bool isRefunded) {
                if (isRefunded) ++refunded;
            } catch {
                emit RefundSkipped(investmentIds[i]);
            }
        }
    }

    /// @notice The contract's call to itself, so that a refund that fails undoes itself only.
    function refundOne(bytes32 investmentId) external returns (bool refunded) {
        if (msg.sender != address(this)) revert OnlySelf();
        return _refund(investmentId);
    }

    /// @inheritdoc ITerraLuminaSale
    function withdrawProceeds(uint24 projectId) external nonReentrant returns (uint256 amount) {
        SaleRecord storage sale = _sales[projectId];
        amount = sale.proceeds;
        if (amount == 0) revert NoProceeds(projectId);
        sale.proceeds = 0;
        emit ProceedsWithdrawn(projectId, sale.treasury, amount);
        IERC20(sale.terms.currency).safeTransfer(sale.treasury, amount);
    }

    function _settle(
        SaleRecord storage sale,
        CommitmentRecord storage commitment,
        bytes32 investmentId,
        address investor
    ) private {
        uint256 amount = _close(sale, commitment, CommitmentState.Settled);
        sale.settledUnits += commitment.units;
        sale.proceeds += amount;
        emit CommitmentSettled(investmentId, commitment.projectId, investor, commitment.units, amount);
    }

    /// @dev A sale that failed asks nobody. After a success the ledger is asked first: a voucher may have minted the units
    /// under this id, and nobody gets units and money.
    function _refund(bytes32 investmentId) private returns (bool refunded) {
        CommitmentRecord storage commitment = _openCommitment(investmentId);
        (uint24 projectId, address buyer) = (commitment.projectId, commitment.buyer);
        SaleRecord storage sale = _sales[projectId];
        if (sale.state != SaleState.Failed) {
            uint40 from = sale.state == SaleState.Succeeded ? sale.finalizedAt + SETTLEMENT_GRACE : 0;
            if (from == 0 || block.timestamp < from) revert NotRefundable(investmentId, from);
            ILedgerTypes.Receipt memory receipt = ledger.receiptOf(investmentId);
            if (_isMintOf(receipt, commitment, investmentId)) {
                _settle(sale, commitment, investmentId, receipt.investor);
                return false;
            }
        }
        uint256 amount = _leave(sale, commitment, CommitmentState.Refunded);
        address paidTo = _payBack(sale, buyer, amount);
        emit CommitmentRefunded(investmentId, projectId, buyer, commitment.units, amount, paidTo);
        return true;
    }

    function _orders(
        SaleRecord storage sale,
        bytes32[] calldata investmentIds,
        uint256[] memory positions,
        uint256 count
    ) private view returns (ILedgerTypes.Order[] memory orders) {
        orders = new ILedgerTypes.Order[](count);
        uint16 unlockDay = sale.terms.unlockDays;
        if (unlockDay != 0) unlockDay += uint16(block.timestamp / 1 days);
        for (uint256 i = 0; i < count; ++i) {
            bytes32 investmentId = investmentIds[positions[i]];
            CommitmentRecord storage commitment = _commitments[investmentId];
            orders[i] = ILedgerTypes.Order({
                investmentId: investmentId,
                investor: _walletOf(commitment.buyer),
                units: commitment.units,
                unlockDay: unlockDay
            });
        }
    }

    /// @dev Whether the mint that the ledger has under this id gave the buyer the units: a voucher may have come first.
    /// Any other mint under it, or one that was reversed, leaves the money to be paid back.
    function _isMintOf(
        ILedgerTypes.Receipt memory receipt,
        CommitmentRecord storage commitment,
        bytes32 investmentId
    ) private view returns (bool) {
        if (receipt.projectId != commitment.projectId || receipt.units != commitment.units) return false;
        if (_walletOf(receipt.investor) != _walletOf(commitment.buyer)) return false;
        (, ILedgerTypes.LotState state) = ledger.lotOf(investmentId);
        return state != ILedgerTypes.LotState.Reversed;
    }

    function _commitmentOfProject(uint24 projectId, bytes32 investmentId)
        private
        view
        returns (CommitmentRecord storage commitment)
    {
        commitment = _commitments[investmentId];
        if (commitment.state == CommitmentState.None || commitment.projectId != projectId) {
            revert UnknownCommitment(investmentId);
        }
    }

    /// @dev The buyer's wallet of today: one that was lost and relinked can receive nothing any more. Money never
    /// follows it, or whoever relinks wallets could redirect a refund.
    function _walletOf(address buyer) private view returns (address wallet) {
        wallet = buyer;
        for (address next = buyer; next != address(0); next = ledger.successorOf(next)) wallet = next;
    }
}
